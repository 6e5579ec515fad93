using Refrag.Jobs;

namespace Refrag.Tests;

/// <summary>Jobs to start tests from.</summary>
internal static class Specs
{
    public static JobSpec Command(params string[] command) => new()
    {
        App = new CommandApp("mine", command.Length > 0 ? command : ["true"]),
        Kind = EnvironmentKind.AwsBatch,
        Name = "mine",
        Queues = new("cpu-q", "gpu-q", null),
        Definitions = new("cpu-d", "gpu-d", null),
        Requirements = new(new Gpus(0), null, null),
    };
}
