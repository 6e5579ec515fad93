using Refrag.Server.Fuzz;
using Refrag.Server.Fuzz.Running;

if (FuzzOptions.Parse(args, Environment.GetEnvironmentVariable("REFRAG") ?? "./refrag") is not { } options)
{
    Console.Error.WriteLine(FuzzOptions.Usage);
    return 64;
}
return await FuzzRun.RunAsync(options, Console.Out);
