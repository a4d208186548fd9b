// A new link with one press: the address is already in the form. Without script, or without address, the link leads
// to the form that asks for it.
import { keepAddress } from "./address.js";
import { keepRequest } from "./sent.js";

export function sendAgain(link) {
  let pressed = false;
  link.addEventListener("click", (event) => {
    const username = document.getElementById("username").value.trim();
    if (!username && !pressed) return;
    event.preventDefault();
    if (pressed) return;
    pressed = true;
    const form = document.createElement("form");
    form.method = "post";
    form.action = link.dataset.action;
    form.hidden = true;
    const field = document.createElement("input");
    field.name = "username";
    field.value = username;
    form.append(field);
    document.body.append(form);
    keepAddress(form);
    keepRequest(username);
    form.submit();
  });
  addEventListener("pageshow", () => (pressed = false)); // Back may find the page as it was left
}
