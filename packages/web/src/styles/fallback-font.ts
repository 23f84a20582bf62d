// A machine without a Chinese font (or without a rare character) still shows every name: the browser
// fetches only the slices of characters that no font before it in the stack can draw.
import '@fontsource-variable/noto-sans-sc';
