using System.Globalization;
using System.Text.Json;
using Refrag.Aws;
using Refrag.Engine.Jobs;
using Refrag.Engine.Names;
using Refrag.Engine.Resources;
using Refrag.Engine.Store;

namespace Refrag.Engine;

/// <summary>
/// Moves an engine's state as JSON lines: one object a line, the first of type <c>state</c> with the version of the form, then resources,
/// then jobs in the order of their arrival, each followed by the children that differ from what it implies. Logs are not part of it.
/// </summary>
public static class StateTransfer
{
    private const int JobsPerPart = 1000;

    /// <summary>Writes everything that a state folder holds. No engine may be running on it.</summary>
    /// <param name="stateDirectory">The folder.</param>
    /// <param name="output">Takes the lines.</param>
    /// <param name="time">The clock; null for the system's.</param>
    /// <param name="cancellationToken">Ends the writing between two lines.</param>
    /// <returns>How many lines were written, or why the state cannot be read (RF4010 to RF4016).</returns>
    public static async Task<Result<long>> ExportAsync(
        string stateDirectory, TextWriter output, TimeProvider? time = null, CancellationToken cancellationToken = default)
    {
        if (!LocalBatch.HasState(stateDirectory)) return StateProblems.Absent(stateDirectory);
        try
        {
            using SqliteStore store = SqliteStore.Open(stateDirectory, time ?? TimeProvider.System);
            await output.WriteLineAsync(Text(StoredLine.Header).AsMemory(), cancellationToken);
            long lines = 1;
            foreach (StoredLine line in store.Lines())
            {
                await output.WriteLineAsync(Text(line).AsMemory(), cancellationToken);
                lines++;
            }
            return lines;
        }
        catch (EngineStateException e)
        {
            return e.Problem;
        }
    }

    /// <summary>
    /// Reads an export into a state folder that is new, or has never held a resource or a job. All of it is read, or nothing.
    /// </summary>
    /// <param name="stateDirectory">The folder; made if there is none.</param>
    /// <param name="input">The lines.</param>
    /// <param name="time">The clock; null for the system's.</param>
    /// <param name="account">The account that the folder is for.</param>
    /// <param name="region">The region that the folder is for.</param>
    /// <param name="cancellationToken">Ends the reading between two lines; then nothing was read.</param>
    /// <returns>How many lines were read; or RF4017 where the folder holds something, RF4018 where a line is none of an export, RF4040
    /// where the lines are of another account or region, or why the state cannot be used.</returns>
    public static async Task<Result<long>> ImportAsync(
        string stateDirectory, TextReader input, TimeProvider? time = null, string account = LocalArns.UsualAccount,
        string region = AwsRegions.Usual, CancellationToken cancellationToken = default)
    {
        long number = 0;
        try
        {
            using SqliteStore store = SqliteStore.Open(stateDirectory, time ?? TimeProvider.System);
            if (store.Lines().Any()) return Problem("RF4017", $"the state in {stateDirectory} is not empty", "Name a new folder.");
            await store.TogetherAsync(async write =>
            {
                var import = new Import(write, stateDirectory, new LocalArns(account, region));
                while (await input.ReadLineAsync(cancellationToken) is { } text)
                {
                    number++;
                    StoredLine line = JsonSerializer.Deserialize(text, StateJson.Default.StoredLine)
                        ?? throw new JsonException("An empty line.");
                    if (number == 1 && !line.IsHeader())
                        throw new JsonException("The first line is not that of an export.");
                    import.Add(line);
                }
                if (number == 0) throw new JsonException("The export is empty.");
                import.End();
            });
            return number;
        }
        catch (EngineStateException e)
        {
            return e.Problem;
        }
        // Whatever a line holds that an export does not: half of it must not stay.
        catch (Exception e) when (e is not (IOException or OperationCanceledException))
        {
            return Problem("RF4018", string.Create(CultureInfo.InvariantCulture, $"line {number} is not one of an export: {e.Message}"),
                "Export again, into a new file, and import that into a new folder.");
        }
    }

    private static string Text(StoredLine line) => JsonSerializer.Serialize(line, StateJson.Default.StoredLine);

    private static Problem Problem(string code, string what, string cure) => new() { Code = code, What = what, Cure = cure };

    private sealed class Import(Action<Changes> write, string folder, LocalArns arns)
    {
        private readonly DefinitionTable _definitions = new(arns);
        private Changes _changes = new();
        private Job? _parent;
        private long _next;

        public void Add(StoredLine line)
        {
            switch (line.Type)
            {
                case "state": break;
                case "resource": AddResource(line.Kind!, line.Name!, line.Body!); break;
                case "job": AddJob(line); break;
                case "child" when _parent is { } parent && parent.Id == line.Id && line.Index < parent.Plan.ArraySize:
                    _changes.Put(JobRow.ToChild(parent, line.Index.Value, (line.Status!, line.Life!)), isNew: true);
                    break;
                default: throw new JsonException($"There is no such line as {line.Type} here.");
            }
            if (_changes.Jobs.Count >= JobsPerPart) End();
        }

        /// <summary>Writes what was taken.</summary>
        public void End()
        {
            if (!_changes.IsEmpty) write(_changes);
            _changes = new Changes();
        }

        private void AddResource(string kind, string name, string body)
        {
            StoredScope.Check(folder, kind, body, arns);
            if (kind == ResourceKinds.JobDefinition) _definitions.Restore(body);
            // What the engine could not read would keep it from starting.
            else if (JsonSerializer.Deserialize(body,
                ResourceKinds.JsonOf(kind) ?? throw new JsonException($"There is no such resource as {kind}.")) is null)
                throw new JsonException($"An empty {kind}.");
            JsonElement record = JsonSerializer.Deserialize(body, StateJson.Default.JsonElement);
            _changes.Put(new ResourceChange(kind, name, record, StateJson.Default.JsonElement));
        }

        private void AddJob(StoredLine line)
        {
            if (!Enum.TryParse(line.Kind, out JobKind kind)) throw new JsonException($"There is no such kind of job as {line.Kind}.");
            var row =
                new JobRow(_next, line.Id!, kind, line.Queue!, line.Definition!, line.Status!, line.CreatedAt ?? 0, line.Body!, line.Life!);
            _parent = row.ToJob(_definitions);
            _next += JobRow.Places(_parent);
            _changes.Put(_parent, isNew: true);
        }
    }
}
