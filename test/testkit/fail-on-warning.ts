/** A warning of Node (a leaked listener, a deprecated call) fails the test that runs. */
process.on("warning", (warning) => {
  throw warning;
});
