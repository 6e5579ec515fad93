using Refrag.Apps;
using Refrag.ShippedApps;
using Refrag.Cli;

return await RefragCommandLine.RunAsync(args, BuiltInApps.All);
