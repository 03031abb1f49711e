// A function's parameters are its input ports: this one has a single port, x.
export default (x) => x + 1;
