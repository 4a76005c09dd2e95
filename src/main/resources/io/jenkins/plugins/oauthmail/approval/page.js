// Names the fields of parameters, to which Jenkins gives no label.
function oauthMailNameParameters() {
  document.querySelectorAll("[data-oauth-mail-parameter]").forEach(function (parameter) {
    parameter.querySelectorAll("input, select, textarea").forEach(function (field) {
      if (field.type !== "hidden" && !field.hasAttribute("aria-label")) {
        field.setAttribute("aria-label", parameter.getAttribute("data-oauth-mail-parameter"));
      }
    });
  });
}
document.addEventListener("DOMContentLoaded", oauthMailNameParameters);
