// Show and hide a password; when the form goes off the field is a password again, so that no browser remembers it.

export function revealPasswords(button) {
  const field = document.getElementById(button.getAttribute("aria-controls"));
  const [words] = button.children;
  const show = words.textContent;
  const set = (shown) => {
    field.type = shown ? "text" : "password";
    words.textContent = shown ? button.dataset.hide : show;
  };
  button.hidden = false;
  button.addEventListener("click", () => set(field.type === "password"));
  field.form.addEventListener("submit", () => set(false));
}
