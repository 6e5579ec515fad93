using Refrag.Catalogues;
using Refrag.Traces;
using Refrag.WhatIf;

namespace Refrag.Tests.WhatIf;

/// <summary>Small worlds and workloads.</summary>
internal static class Worlds
{
    /// <summary>Queues of their own for CPU and GPU work; instances take 90 seconds to start.</summary>
    public const string Separate = """
        environments:
          cpu: {types: [m5.large], max_vcpus: 8}
          gpu: {types: [g5.xlarge], max_vcpus: 8}
        """;

    /// <summary>One queue for both.</summary>
    public const string Shared = """
        environments:
          cpu: {types: [m5.large], max_vcpus: 8}
          gpu: {types: [g5.xlarge], max_vcpus: 8}
        queues:
          all: {environments: [cpu, gpu]}
        """;

    public static Result<World> TryRead(string yaml)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.At("world.yaml"), yaml);
        return WorldFile.Read(folder.At("world.yaml"), "world.yaml", new CatalogueFolder(folder.At("catalogue")).Load());
    }

    public static World Read(string yaml) => TryRead(yaml).Value;

    public static Workload Trace(string csv) => TraceReader.Read(new StringReader(csv), "t.csv").Value;

    public static Experiment Of(Workload workload) => new(_ => workload, IsGenerated: false, 1, 5);

    public static RunResult Run(string world, string csv) => Run(Read(world), Trace(csv), 1).Value;

    public static Result<RunResult> Run(World world, Workload workload, ulong seed) =>
        Simulation.Run(world, workload, seed, null, TestContext.Current.CancellationToken);
}
