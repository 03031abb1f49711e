// What a function returns goes to every port that an edge leads into.
export default (x) => x * x;
