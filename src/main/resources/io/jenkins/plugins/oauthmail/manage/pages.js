// Filters the mail accounts as the user types, and shows the layers of a running test as they finish.
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
              test.innerHTML = html;
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
