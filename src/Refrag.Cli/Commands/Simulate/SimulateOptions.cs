using System.CommandLine;
using Refrag.Cli.Context;
using Refrag.WhatIf;

namespace Refrag.Cli.Commands.Simulate;

/// <summary>The options of <c>refrag simulate</c>.</summary>
internal sealed class SimulateOptions
{
    private const int MostSeeds = 1000;

    public Option<string> Trace { get; } = new("--trace")
    {
        HelpName = "file",
        Description = "The workload: a trace in CSV or JSON lines, or the output of sacct.",
    };

    public Option<string> Generate { get; } = new("--generate")
    {
        HelpName = "settings",
        Description = "A generated workload: jobs=1000,per_hour=60,gpu_part=0.2 and others.",
        Arity = ArgumentArity.ZeroOrOne,
    };

    public Option<string> History { get; } = new("--history")
    {
        HelpName = "place",
        Description = "The workload: the ended jobs of the history of this machine, of one place.",
        Arity = ArgumentArity.ZeroOrOne,
    };

    public Option<string> Since { get; } = new("--since")
    {
        Description = "With --history: jobs submitted within this time (8h, 7d) or since a date.",
    };

    public Option<string> Until { get; } = new("--until")
    {
        Description = "With --history: jobs submitted before this time or date.",
    };

    public Option<bool> Now { get; } = new("--now") { Description = "The workload: the jobs that wait and run in the queues now." };

    public Option<string> RunTime { get; } = new("--run-time")
    {
        HelpName = "duration",
        Description = "With --now: how long jobs run if nothing is known of them.",
    };

    public Option<string[]> World { get; } = new("--world")
    {
        HelpName = "file",
        Description = "A world in YAML; may be repeated. Default: the deployed queues.",
    };

    public Option<string[]> Set { get; } = new("--set")
    {
        HelpName = "setting=value",
        Description = "Change a setting in all worlds: gpu.max_vcpus=64; may be repeated.",
    };

    public Option<string[]> Vary { get; } = new("--vary")
    {
        HelpName = "setting=values",
        Description = "Try several values: gpu.max_vcpus=32,64,128; may be repeated.",
    };

    public Option<string> Search { get; } = new("--search")
    {
        HelpName = "setting",
        Description = "Find the smallest maximum that meets --target: gpu.max_vcpus.",
    };

    public Option<string> Target { get; } = new("--target")
    {
        HelpName = "figure=value",
        Description = "What --search must reach at most: gpu.wait.p90=10m.",
    };

    public Option<string> Plot { get; } = new("--plot")
    {
        HelpName = "figure",
        Description = "The figure that is drawn beside the table of --vary.",
        DefaultValueFactory = static _ => "wait.p90",
    };

    public Option<ulong> Seed { get; } = new("--seed")
    {
        Description = "The first seed of chance.",
        DefaultValueFactory = static _ => 1,
    };

    public Option<int> Seeds { get; } = new("--seeds")
    {
        Description = "How often it is repeated where chance has a part.",
        DefaultValueFactory = static _ => 5,
    };

    public Option<string> Jobs { get; } = new("--jobs")
    {
        HelpName = "file",
        Description = "Write the times of each job of the first world as CSV.",
    };

    public Option<string> Html { get; } = new("--html")
    {
        HelpName = "file",
        Description = "Write a report as one file of HTML.",
    };

    public SimulateOptions()
    {
        Seeds.Must(seeds => seeds is >= 1 and <= MostSeeds, $"must be from 1 to {MostSeeds}");
        Plot.CompletionSources.Add([.. Figure.All.Select(one => one.Name)]);
    }

    public Option[] All =>
        [Trace, Generate, History, Since, Until, Now, RunTime, World, Set, Vary, Search, Target, Plot, Seed, Seeds, Jobs, Html];

    /// <summary>A problem with how options go together.</summary>
    public static Problem Wrong(string what, string cure) => new() { Code = "RF8161", What = what, Cure = cure };
}
