using Refrag.Cli;
using Refrag.ShippedApps;

return await RefragCommandLine.RunAsync(args, BuiltInApps.All);
