using System.Text.Json;
using System.Text.Json.Nodes;
using Refrag.Aws.Batch;
using Refrag.Server.Fuzz.Grammar;
using Refrag.Server.Fuzz.Http;

namespace Refrag.Server.Fuzz.Running;

/// <summary>Sends requests on one connection, judges the answers and learns from them.</summary>
internal sealed class Worker : IDisposable
{
    private const int MostOpenJobs = 50;
    private const int FoundationEvery = 500;
    private const int LongestAnswer = 256 * 1024;
    private static readonly TimeSpan s_hang = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan s_rawLimit = TimeSpan.FromSeconds(12);

    private readonly PartState _part;
    private readonly Connection _connection;
    private readonly Connection _raw;
    private readonly Random _chance;
    private readonly Vocabulary _words;
    private readonly RequestGenerator _requests;
    private readonly RawForms _forms;
    private readonly Queue<string> _open = [];

    public Worker(PartState part, int seed)
    {
        (_part, _chance) = (part, new Random(seed));
        (_connection, _raw) = (new Connection(part.Server.Address), new Connection(part.Server.Address));
        _words = new Vocabulary(_chance);
        _requests = new RequestGenerator(_chance, _words);
        _forms = new RawForms(_chance);
    }

    /// <summary>The ids of jobs that the server has acknowledged, the last ones.</summary>
    public Queue<string> Acknowledged { get; } = [];

    /// <summary>How many answers had the status 200.</summary>
    public long Accepted { get; private set; }

    /// <summary>Sends a number of requests; ends early when the time is over, or when the server has hung or ended.</summary>
    public async Task RunAsync(long count, CancellationToken cancellationToken)
    {
        for (long i = 0; i < count && _part.GoesOn(cancellationToken); i++)
        {
            if (i % FoundationEvery == 0) foreach (var operation in Seeds.Foundation) await SendAsync(_requests.Good(operation));
            if (_chance.Next(40) == 0) await SendRawAsync(_forms.Next());
            else if (_open.Count > MostOpenJobs) await SendAsync(Terminate(_open.Dequeue()));
            else await SendAsync(_requests.Next());
            _part.Count();
        }
    }

    public void Dispose()
    {
        _connection.Dispose();
        _raw.Dispose();
    }

    private static FuzzRequest Terminate(string id) =>
        RequestGenerator.Plain(BatchOperations.TerminateJob, new JsonObject { ["jobId"] = id, ["reason"] = "enough" });

    private async Task SendAsync(FuzzRequest request)
    {
        byte[] bytes = Connection.Bytes(request);
        long start = TimeProvider.System.GetTimestamp();
        if (await AskAsync(_connection, bytes, end: false, request.Operation.Name, s_hang) is not { } answer) return;
        _part.Judge(request.Operation.Name, bytes, answer, start);
        if (answer.Status != 200) return;
        Accepted++;
        if (answer.Body.Length is > 2 and < LongestAnswer) Learn(request, answer);
    }

    // What is no HTTP may be cut off without an answer.
    private async Task SendRawAsync(byte[] bytes)
    {
        long start = TimeProvider.System.GetTimestamp();
        if (await AskAsync(_raw, bytes, end: true, "HTTP", s_rawLimit) is { Status: > 0 } answer) _part.Judge("HTTP", bytes, answer, start);
    }

    private async Task<Answer?> AskAsync(Connection connection, byte[] bytes, bool end, string name, TimeSpan limit)
    {
        using var late = new CancellationTokenSource(limit, TimeProvider.System);
        try
        {
            return await connection.SendAsync(bytes, end, late.Token);
        }
        catch (OperationCanceledException)
        {
            // A stream of events does not end by itself.
            if (!System.Text.Encoding.Latin1.GetString(bytes).Contains("/refrag/events", StringComparison.Ordinal))
                _part.Hang(name, bytes, limit);
            return null;
        }
    }

    private void Learn(FuzzRequest request, Answer answer)
    {
        using JsonDocument json = JsonDocument.Parse(answer.Body);
        _words.Learn(json.RootElement);
        if (request.Operation != BatchOperations.SubmitJob) return;
        string id = json.RootElement.GetProperty("jobId").GetString()!;
        _open.Enqueue(id);
        Acknowledged.Enqueue(id);
        if (Acknowledged.Count > 100) Acknowledged.Dequeue();
    }
}
