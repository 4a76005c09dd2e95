// Names for assistive technology: the tag of Jenkins connects a check box only visually with the text beside it.
Behaviour.specify("input.oauth-mail-named", "oauth-mail-named", 0, (field) => {
  const text = field.parentElement.querySelector("label");
  if (text && !field.hasAttribute("aria-label")) {
    field.setAttribute("aria-label", text.textContent.trim());
  }
});
