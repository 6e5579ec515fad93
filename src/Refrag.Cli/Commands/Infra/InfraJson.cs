using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Refrag.Infrastructure;

namespace Refrag.Cli.Commands.Infra;

/// <summary>What the infrastructure verbs print with <c>--json</c>.</summary>
internal static class InfraJson
{
    private static readonly JsonWriterOptions s_options = new() { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>
    /// An object with <c>added</c>, <c>changed</c>, <c>replaced</c>, <c>destroyed</c> (numbers), <c>changes</c> (each with <c>action</c>,
    /// <c>address</c> and <c>name</c>),
    /// <c>warnings</c> (sentences), <c>retained</c> (names of environments that stay until they are empty),
    /// <c>monthlyFloorUsd</c> (null if it is not known) and <c>floor</c> (each with <c>what</c> and <c>usd</c>).
    /// </summary>
    public static string Of(PlanSummary plan) => Write(json =>
    {
        json.WriteNumber("added", plan.Count(PlannedAction.Add));
        json.WriteNumber("changed", plan.Count(PlannedAction.Change));
        json.WriteNumber("replaced", plan.Count(PlannedAction.Replace));
        json.WriteNumber("destroyed", plan.Count(PlannedAction.Destroy));
        json.WriteStartArray("changes");
        foreach (PlannedChange change in plan.Changes)
        {
            json.WriteStartObject();
            json.WriteString("action",
                change.Action switch
                {
                    PlannedAction.Add => "add",
                    PlannedAction.Change => "change",
                    PlannedAction.Replace => "replace",
                    _ => "destroy"
                });
            json.WriteString("address", change.Address);
            json.WriteString("name", change.Name);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteStartArray("warnings");
        foreach (string warning in plan.Warnings) json.WriteStringValue(warning);
        json.WriteEndArray();
        json.WriteStartArray("retained");
        foreach (string name in plan.Retained) json.WriteStringValue(name);
        json.WriteEndArray();
        Usd(json, "monthlyFloorUsd", plan.MonthlyFloor);
        json.WriteStartArray("floor");
        foreach (FloorItem item in plan.Floor)
        {
            json.WriteStartObject();
            json.WriteString("what", item.What);
            Usd(json, "usd", item.Usd);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    });

    /// <summary>
    /// An object with <c>good</c> (whether all is) and <c>things</c>: each with <c>subject</c>, <c>good</c>, perhaps <c>warning</c>, and
    /// where it is not good <c>code</c>, <c>what</c>, <c>cause</c> and <c>cure</c>.
    /// </summary>
    public static string Of(IReadOnlyList<VerifiedThing> things) => Write(json =>
    {
        json.WriteBoolean("good", things.All(t => t.IsGood));
        json.WriteStartArray("things");
        foreach (VerifiedThing thing in things)
        {
            json.WriteStartObject();
            json.WriteString("subject", thing.Subject);
            json.WriteBoolean("good", thing.IsGood);
            if (thing.Warning is { } warning) json.WriteString("warning", warning);
            if (thing.Problem is { } problem)
            {
                json.WriteString("code", problem.Code);
                json.WriteString("what", problem.What);
                if (problem.Cause is not null) json.WriteString("cause", problem.Cause);
                json.WriteString("cure", problem.Cure);
            }
            json.WriteEndObject();
        }
        json.WriteEndArray();
    });

    /// <summary>An object with <c>environment</c>, <c>path</c> and <c>changed</c>.</summary>
    public static string Of(WrittenEnvironment written) => Write(json =>
    {
        json.WriteString("environment", written.Name);
        json.WriteString("path", written.Path);
        json.WriteBoolean("changed", written.HasChanged);
    });

    private static void Usd(Utf8JsonWriter json, string name, decimal? usd)
    {
        if (usd is { } known) json.WriteNumber(name, decimal.Round(known, 2));
        else json.WriteNull(name);
    }

    private static string Write(Action<Utf8JsonWriter> members)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream, s_options))
        {
            json.WriteStartObject();
            members(json);
            json.WriteEndObject();
        }
        return Encoding.UTF8.GetString(stream.GetBuffer(), 0, (int)stream.Length);
    }
}
