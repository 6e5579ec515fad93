using System.Text.Json;
using System.Text.Json.Serialization;

namespace Refrag.ShippedApps.Hello;

/// <summary>The one line that a worker says to rank 0.</summary>
/// <param name="Job">The job's id; whoever does not know it is not of this job.</param>
/// <param name="Rank">The worker's rank.</param>
/// <param name="World">How many workers it believes there are.</param>
/// <param name="Host">Its host.</param>
/// <param name="Message">Its message.</param>
internal sealed record Greeting(
    [property: JsonRequired] string Job,
    [property: JsonRequired] int Rank,
    [property: JsonRequired] int World,
    [property: JsonRequired] string Host,
    [property: JsonRequired] string Message)
{
    public static Greeting Of(AppRun run, HelloSettings settings) =>
        new(run.Worker.JobId ?? "", run.Worker.Rank, run.Worker.WorldSize, Environment.MachineName, Plain(settings.Message));

    /// <summary>The greeting in <paramref name="line"/>; null if it is anything else.</summary>
    public static Greeting? Parse(ReadOnlySpan<byte> line)
    {
        try
        {
            Greeting? greeting = JsonSerializer.Deserialize(line, GreetingJson.Default.Greeting);
            if (greeting is not { Job: not null, Host: not null, Message: not null }) return null;
            return greeting with { Host = Plain(greeting.Host), Message = Plain(greeting.Message) };
        }
        catch (JsonException)
        {
            return null;
        }
    }

    public byte[] ToLine() => [.. JsonSerializer.SerializeToUtf8Bytes(this, GreetingJson.Default.Greeting), (byte)'\n'];

    /// <summary>One line for people.</summary>
    public override string ToString() => $"rank {Rank}/{World} on {Host}: {Message}";

    // What came over the network must not move the terminal's cursor or fake a line.
    private static string Plain(string text) => string.Concat(text.Select(c => char.IsControl(c) ? '·' : c));
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(Greeting))]
internal sealed partial class GreetingJson : JsonSerializerContext;
