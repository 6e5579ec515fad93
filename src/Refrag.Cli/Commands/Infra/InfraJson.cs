using System.Text.Json.Serialization;
using Refrag.Cli.Context;
using Refrag.Infrastructure;

namespace Refrag.Cli.Commands.Infra;

/// <summary>What the infrastructure verbs print with <c>--json</c>: one object, indented.</summary>
internal static class InfraJson
{
    private static InfraJsonContext Shapes => InfraJsonContext.Default;

    public static string Of(PlanSummary plan) => JsonOutput.Indented(PlannedStack.Of(plan), Shapes.PlannedStack);

    public static string Of(IReadOnlyList<VerifiedThing> things) => JsonOutput.Indented(VerifiedStack.Of(things), Shapes.VerifiedStack);

    public static string Of(WrittenEnvironment written) =>
        JsonOutput.Indented(SyncedEnvironment.Of(written), Shapes.SyncedEnvironment);
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(PlannedStack))]
[JsonSerializable(typeof(VerifiedStack))]
[JsonSerializable(typeof(SyncedEnvironment))]
internal sealed partial class InfraJsonContext : JsonSerializerContext;

/// <summary>The object of <c>refrag infra sync --json</c>: the environment that was written.</summary>
internal sealed record SyncedEnvironment
{
    /// <summary>The environment's name, for <c>env=NAME</c>.</summary>
    public required string Environment { get; init; }

    /// <summary>The file's whole path.</summary>
    public required string Path { get; init; }

    /// <summary>Whether the file was written; false if it was up to date.</summary>
    public required bool Changed { get; init; }

    public static SyncedEnvironment Of(WrittenEnvironment written) =>
        new() { Environment = written.Name, Path = written.Path, Changed = written.HasChanged };
}
