// Filters the mail accounts as the user types, shows the layers of a running test as they finish, and completes forms.
document.addEventListener("DOMContentLoaded", () => {
  const search = document.getElementById("oauth-mail-search");
  const accounts = document.getElementById("mail-accounts");
  if (search && accounts) {
    search.addEventListener("input", () => {
      const wanted = search.value.trim().toLowerCase();
      for (const row of accounts.tBodies[0].rows) {
        row.hidden = !row.textContent.toLowerCase().includes(wanted);
      }
    });
  }

  const test = document.getElementById("oauth-mail-test");
  const watch = () => {
    if (test.querySelector("[data-running=true]")) {
      setTimeout(() => {
        fetch(test.dataset.url)
          .then((answer) => (answer.ok ? answer.text() : null))
          .then((html) => {
            if (html !== null) {
              // What somebody is reading stays open.
              const open = Array.from(test.querySelectorAll("details"), (details) => details.open);
              test.innerHTML = html;
              test.querySelectorAll("details").forEach((details, i) => {
                details.open = open[i] === true;
              });
              Behaviour.applySubtree(test, false);
            }
            watch();
          });
      }, 700);
    }
  };
  if (test) {
    watch();
  }
});

// Names for assistive technology where tags of Jenkins connect a field only visually with the text beside it.
Behaviour.specify(".oauth-mail-form select, .oauth-mail-form input[type=checkbox]", "oauth-mail-names", 0, (field) => {
  if (field.hasAttribute("aria-label")) {
    return;
  }
  let text = null;
  if (field.type === "checkbox") {
    text = field.parentElement.querySelector("label");
  } else {
    const item = field.closest(".jenkins-form-item");
    text = item && item.querySelector(".jenkins-form-label");
  }
  if (text) {
    field.setAttribute("aria-label", (text.firstChild || text).textContent.trim());
  }
});

// The drop-down for credentials cannot be given the attribute where it is written.
Behaviour.specify(".oauth-mail-required select", "oauth-mail-required", 0, (field) => {
  field.setAttribute("aria-required", "true");
});

// Fields that only matter for one value of another one.
Behaviour.specify(".oauth-mail-form", "oauth-mail-dependents", 0, (form) => {
  const show = (name, dependent, value) => {
    const choice = form.querySelector("select[name=" + name + "]");
    const field = form.querySelector("input[name='_." + dependent + "']");
    const item = field && field.closest(".jenkins-form-item");
    if (choice && item) {
      const update = () => {
        // What is filled in must not be hidden from whoever wonders what it does.
        item.hidden = choice.value !== value && field.value === "";
      };
      choice.addEventListener("change", update);
      update();
    }
  };
  show("grant", "signsInAs", "DELEGATED");
  show("cloud", "authority", "CUSTOM");
  show("transport", "graphUrl", "GRAPH");
});

// The dialog of a confirmation link leaves the focus nowhere when it is dismissed.
let confirmed = null;
const focusAgain = () => {
  if (confirmed === null) {
    return;
  }
  if (document.querySelector("dialog[open]")) {
    setTimeout(focusAgain, 100);
  } else {
    confirmed.focus();
    confirmed = null;
  }
};
document.addEventListener(
  "click",
  (event) => {
    const link = event.target.closest("[data-post=true][data-title]");
    if (link) {
      confirmed = link;
    } else if (event.target.closest("dialog")) {
      setTimeout(focusAgain, 100);
    }
  },
  true,
);
document.addEventListener("cancel", focusAgain, true);
