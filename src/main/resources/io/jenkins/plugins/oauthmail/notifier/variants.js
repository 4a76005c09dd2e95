// Previews what a variant of a notification makes of it, with the fields of the form that are not saved yet.
document.addEventListener("click", (event) => {
  const button = event.target.closest(".oauth-mail-variant-preview button");
  if (!button) {
    return;
  }
  const place = button.closest(".oauth-mail-variant-preview");
  const variant = place.closest(".repeated-chunk") || place.closest("form");
  const own = (name) => {
    const field = variant.querySelector("[name='_." + name + "']");
    return field ? field.value : "";
  };
  // The form may have several notifiers; that of the variant is the nearest one above it.
  const usual = (name) => {
    const above = Array.from(document.querySelectorAll("[name='_." + name + "']")).filter(
      (field) =>
        !field.closest("[name=variants]") &&
        variant.compareDocumentPosition(field) & Node.DOCUMENT_POSITION_PRECEDING,
    );
    return above.length === 0 ? "" : above[above.length - 1].value;
  };
  const values = new URLSearchParams();
  values.set("account", usual("account"));
  values.set(
    "when",
    Array.from(variant.querySelectorAll("input[name=when]:checked"), (box) => box.getAttribute("json")).join(","),
  );
  for (const [name, of] of [
    ["subject", "usualSubject"],
    ["body", "usualBody"],
    ["html", "usualHtml"],
  ]) {
    values.set(name, own(name));
    values.set(of, usual(name));
  }
  const spinner = place.children[1];
  const shown = place.children[2];
  spinner.hidden = false;
  fetch(place.dataset.descriptor + "/" + button.dataset.method, {
    method: "post",
    headers: crumb.wrap({ "Content-Type": "application/x-www-form-urlencoded" }),
    body: values.toString(),
  })
    .then((answer) => answer.text())
    .then((html) => {
      spinner.hidden = true;
      shown.innerHTML = html;
    })
    .catch(() => {
      spinner.hidden = true;
    });
});
