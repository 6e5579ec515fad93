using System.Text.Json;
using System.Text.Json.Serialization;

namespace Refrag.Infrastructure;

/// <summary>
/// Keeps a move between layouts beside the stack's state, so that every machine that deploys the stack sees it, and so that it can be
/// resumed after an interruption
/// at any point. It is the only output of a workspace of its own in Terraform's backend, which exists as long as the move does.
/// </summary>
/// <param name="terraform">Reads and writes the backend.</param>
/// <param name="workspace">The workspace of the stack; null for the selected one.</param>
/// <param name="earlier">The file in which earlier versions of refrag kept a move; null if there can be none.</param>
public sealed class LayoutJournal(ITerraform terraform, string? workspace, EarlierJournal? earlier = null)
{
    // What Terraform says of a backend such as http, which holds one state. A move cannot begin there.
    private const string NoWorkspaces = "workspaces not supported";

    // Another run of refrag may be writing.
    private const string LockTimeout = "-lock-timeout=60s";

    private string? _name;

    /// <summary>The move under way, which an earlier version may have begun; null in the result if there is none. RF6014 if the journal
    /// cannot be read.</summary>
    /// <param name="cancellationToken">Stops.</param>
    public async Task<Result<LayoutJournalEntry>> ReadAsync(CancellationToken cancellationToken)
    {
        Result<LayoutJournalEntry> entry = await ReadBackendAsync(cancellationToken);
        return entry.IsSuccess && entry.Value.Move is null && earlier is not null ? earlier.Read() : entry;
    }

    private async Task<Result<LayoutJournalEntry>> ReadBackendAsync(CancellationToken cancellationToken)
    {
        TerraformRun list = await terraform.RunAsync(["workspace", "list"], onLine: null, cancellationToken);
        if (!list.IsSuccess)
        {
            return list.Errors.Contains(NoWorkspaces, StringComparison.Ordinal)
                ? LayoutJournalEntry.None
                : Result<LayoutJournalEntry>.Failure(TerraformDiagnostics.Read(list));
        }
        if (!(await NameAsync(cancellationToken)).TryGet(out string? name, out IReadOnlyList<Problem> problems))
            return Result<LayoutJournalEntry>.Failure(problems);
        // To read a workspace that does not exist would create it.
        if (!list.Output.Split('\n').Any(line => line.Trim(' ', '*', '\r') == name)) return LayoutJournalEntry.None;
        TerraformRun outputs = await terraform.In(name).RunAsync(["output", "-json"], onLine: null, cancellationToken);
        return outputs.IsSuccess ? Parse(name, outputs.Output) : Result<LayoutJournalEntry>.Failure(TerraformDiagnostics.Read(outputs));
    }

    /// <summary>Writes the move, whole or not at all. Empty on success.</summary>
    /// <param name="move">The move.</param>
    /// <param name="cancellationToken">Stops.</param>
    public async Task<IReadOnlyList<Problem>> WriteAsync(LayoutMove move, CancellationToken cancellationToken)
    {
        if (!(await NameAsync(cancellationToken)).TryGet(out string? name, out IReadOnlyList<Problem> problems)) return problems;
        DirectoryInfo folder = Directory.CreateTempSubdirectory("refrag-move-");
        try
        {
            string file = Path.Combine(folder.FullName, "move.tfstate");
            PrivateFiles.WriteAllText(file, JsonSerializer.Serialize(JournalState.Of(move), LayoutJson.Default.JournalState));
            // Each step takes the place of the one before; there is no history that -force could damage.
            TerraformRun push = await terraform.In(name)
                .RunAsync(["state", "push", "-force", LockTimeout, file], onLine: null, cancellationToken);
            if (push.IsSuccess)
            {
                earlier?.Clear();
                return [];
            }
            return push.Errors.Contains(NoWorkspaces, StringComparison.Ordinal) ? [LayoutProblems.NoWorkspaces]
                : TerraformDiagnostics.Read(push);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    /// <summary>Forgets the move. Empty on success.</summary>
    /// <param name="cancellationToken">Stops.</param>
    public async Task<IReadOnlyList<Problem>> ClearAsync(CancellationToken cancellationToken)
    {
        if (!(await NameAsync(cancellationToken)).TryGet(out string? name, out IReadOnlyList<Problem> problems)) return problems;
        TerraformRun delete = await terraform.RunAsync(["workspace", "delete", LockTimeout, name], onLine: null, cancellationToken);
        return delete.IsSuccess ? [] : TerraformDiagnostics.Read(delete);
    }

    private static Result<LayoutJournalEntry> Parse(string name, string outputs)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(outputs);
            // Created and not yet written.
            if (!document.RootElement.TryGetProperty("move", out JsonElement output)) return LayoutJournalEntry.None;
            string text = output.GetProperty("value").GetString() ?? "";
            return new LayoutJournalEntry(JsonSerializer.Deserialize(text, LayoutJson.Default.LayoutMove));
        }
        catch (JsonException broken)
        {
            return LayoutProblems.UnreadableJournal(name, broken.Message);
        }
    }

    private async Task<Result<string>> NameAsync(CancellationToken cancellationToken)
    {
        if (_name is not null) return _name;
        string? of = workspace;
        if (of is null)
        {
            TerraformRun show = await terraform.RunAsync(["workspace", "show"], onLine: null, cancellationToken);
            if (!show.IsSuccess) return Result<string>.Failure(TerraformDiagnostics.Read(show));
            of = show.Output.Trim();
        }
        return _name = of is "" or "default" ? "refrag-move" : $"refrag-move-{of}";
    }
}

/// <summary>What the journal holds.</summary>
/// <param name="Move">The move under way; null if there is none.</param>
public sealed record LayoutJournalEntry(LayoutMove? Move)
{
    /// <summary>No move is under way.</summary>
    public static LayoutJournalEntry None { get; } = new((LayoutMove?)null);

    /// <summary>Why nothing else may change the stack; null if no move is under way. RF6034.</summary>
    public Problem? Blocker => Move is null ? null : LayoutProblems.UnderWay(Move);
}

// A state as `terraform state push` takes it, version 4, without resources.
internal sealed record JournalState(
    int Version,
    string TerraformVersion,
    long Serial,
    string Lineage,
    IReadOnlyDictionary<string, JournalOutput> Outputs,
    IReadOnlyList<string> Resources)
{
    // 1.9 is the oldest Terraform that the stack takes; a newer one reads states of an older one, not the other way round.
    public static JournalState Of(LayoutMove move)
    {
        var output = new JournalOutput(JsonSerializer.Serialize(move, LayoutJson.Default.LayoutMove), "string");
        var outputs = new Dictionary<string, JournalOutput>(StringComparer.Ordinal) { ["move"] = output };
        return new JournalState(4, "1.9.0", (long)move.Next + 1, "refrag-move", outputs, []);
    }
}

internal sealed record JournalOutput(string Value, string Type);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, UseStringEnumConverter = true)]
[JsonSerializable(typeof(LayoutMove))]
[JsonSerializable(typeof(JournalState))]
internal sealed partial class LayoutJson : JsonSerializerContext;
