using Refrag.Apps;
using Refrag.Cli;

return await RefragCommandLine.RunAsync(args, BuiltInApps.All);
