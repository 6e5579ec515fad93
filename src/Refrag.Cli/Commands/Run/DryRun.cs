using System.Text.Encodings.Web;
using System.Text.Json;
using Refrag.Aws.Batch;
using Refrag.Cli.Context;
using Refrag.CommandTables;
using Refrag.Launching;
using Refrag.Sweeps;

namespace Refrag.Cli.Commands.Run;

/// <summary><c>--dry-run</c>: the requests that would be sent, in their order.</summary>
internal static class DryRun
{
    private static readonly JsonWriterOptions s_options = new() { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>One job, as an object.</summary>
    public static int Print(Terminal.Terminal terminal, LaunchPlan plan) => Print(terminal, json => Write(json, plan, jobs: null));

    /// <summary>A sweep's submissions, as a list of objects, each with the jobs of the sweep that it is.</summary>
    public static int Print(Terminal.Terminal terminal, IEnumerable<SweepLaunch> launches) => Print(terminal, json =>
    {
        json.WriteStartArray();
        foreach (SweepLaunch launch in launches) Write(json, launch.Plan, launch.Jobs);
        json.WriteEndArray();
    });

    private static int Print(Terminal.Terminal terminal, Action<Utf8JsonWriter> write)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream, s_options))
        {
            write(json);
        }
        terminal.Output(System.Text.Encoding.UTF8.GetString(stream.GetBuffer(), 0, (int)stream.Length));
        return ExitCodes.Success;
    }

    private static void Write(Utf8JsonWriter json, LaunchPlan plan, JobSet? jobs)
    {
        json.WriteStartObject();
        if (jobs is not null) json.WriteString("jobs", jobs.ToString());
        json.WriteString("queue", plan.Target.Queue);
        json.WriteString("definition", plan.Target.Definition);
        json.WriteString("reason", plan.Target.Reason);
        json.WriteStartArray("requests");
        if (plan.Derivation is { } derivation) Write(json, derivation);
        Write(json, "SubmitJob", plan.Sent);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void Write<T>(Utf8JsonWriter json, string operation, T request)
    {
        json.WriteStartObject();
        json.WriteString("operation", operation);
        json.WritePropertyName("request");
        JsonSerializer.Serialize(json, request, BatchJson.Options.GetTypeInfo(typeof(T)));
        json.WriteEndObject();
    }

    // What the chosen definition says is not known without asking, so only what is changed is shown.
    private static void Write(Utf8JsonWriter json, DefinitionDerivation derivation)
    {
        json.WriteStartObject();
        json.WriteString("operation", "RegisterJobDefinition");
        json.WriteString("derivedFrom", derivation.Base);
        json.WriteString("unless", "an active revision with the same content exists");
        json.WriteStartObject("changes");
        json.WriteString("jobDefinitionName", derivation.Name);
        if (derivation.Nodes > 1) json.WriteString("type", JobDefinitionType.Multinode);
        if (derivation.Nodes > 1) json.WriteNumber("numNodes", derivation.Nodes);
        if (derivation.Changes.Image is { } image) json.WriteString("image", image);
        if (derivation.Changes.JobRoleArn is { } role) json.WriteString("jobRoleArn", role);
        if (derivation.Changes.ExecutionRoleArn is { } execution) json.WriteString("executionRoleArn", execution);
        if (derivation.Changes.LogGroup is { } group) json.WriteString("awslogs-group", group);
        json.WriteEndObject();
        json.WriteEndObject();
    }
}
