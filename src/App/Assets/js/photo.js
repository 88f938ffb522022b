// <form data-photo="pixels">: a chosen picture is cut to a square and made smaller before it is sent, and shown as it will be. What this
// browser cannot read is sent as it is: the server says what is wrong with it.
export function photo(form) {
  const field = form.querySelector("input[type=file]"), face = form.querySelector(".avatar"), most = Number(form.dataset.photo);
  let address;
  field.addEventListener("change", async () => {
    const [file] = field.files;
    const made = file && await square(file, most).catch(() => null);
    // Another one was chosen meanwhile.
    if (field.files[0] !== file) return;
    if (made) {
      const files = new DataTransfer();
      files.items.add(new File([made], "photo.jpg", { type: made.type }));
      field.files = files.files;
    }
    URL.revokeObjectURL(address);
    if (!made) return;
    const shown = face.querySelector("img") ?? face.appendChild(Object.assign(new Image(), { alt: "" }));
    shown.src = address = URL.createObjectURL(made);
  });
}

async function square(file, most) {
  // Turned as the camera says.
  const whole = await createImageBitmap(file, { imageOrientation: "from-image" });
  const side = Math.min(whole.width, whole.height), size = Math.min(side, most);
  const canvas = Object.assign(document.createElement("canvas"), { width: size, height: size });
  const draw = canvas.getContext("2d");
  draw.imageSmoothingQuality = "high";
  draw.fillStyle = "#fff";
  draw.fillRect(0, 0, size, size);
  draw.drawImage(whole, (whole.width - side) / 2, (whole.height - side) / 2, side, side, 0, 0, size, size);
  whole.close();
  return new Promise((done, failed) => canvas.toBlob(blob => blob ? done(blob) : failed(), "image/jpeg", .88));
}
