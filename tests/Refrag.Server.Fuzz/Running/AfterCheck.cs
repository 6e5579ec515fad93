using System.Net;
using System.Text.Json.Nodes;
using Refrag.Aws;
using Refrag.Aws.Batch;
using Refrag.Server.Fuzz.Grammar;
using Refrag.Server.Fuzz.Http;

namespace Refrag.Server.Fuzz.Running;

/// <summary>What must still work after the requests: a queue, a definition and a job of a user who knows nothing of them.</summary>
internal sealed class AfterCheck(IPEndPoint address, string name) : IDisposable
{
    private static readonly TimeSpan s_poll = TimeSpan.FromMilliseconds(50);
    private static readonly string[] s_open = ["SUBMITTED", "PENDING", "RUNNABLE", "STARTING", "RUNNING"];
    private readonly Connection _connection = new(address);

    /// <summary>Runs a valid job to its end; what went wrong, or null.</summary>
    public async Task<string?> RunJobAsync(CancellationToken cancellationToken)
    {
        try
        {
            await CreateAsync(cancellationToken);
            JsonNode job =
                await AskAsync(BatchOperations.SubmitJob,
                    new JsonObject { ["jobName"] = name, ["jobQueue"] = name, ["jobDefinition"] = name }, cancellationToken);
            // Jobs of the fuzz that take a year may have every vCPU.
            await TerminateAllAsync(cancellationToken);
            JsonNode ended = await UntilAsync(
                () => FindAsync(BatchOperations.DescribeJobs, "jobs", (string)job["jobId"]!, cancellationToken),
                static one => (string?)one["status"] is "SUCCEEDED" or "FAILED", cancellationToken);
            return (string?)ended["status"] == "SUCCEEDED" ? null : ended.ToJsonString();
        }
        catch (Exception e) when (e is InvalidOperationException or OperationCanceledException)
        {
            return e.Message;
        }
    }

    /// <summary>Which of the jobs the server does not know.</summary>
    public async Task<IReadOnlyList<string>> MissingAsync(IEnumerable<string> ids, CancellationToken cancellationToken)
    {
        List<string> missing = [];
        foreach (string[] some in ids.Distinct().Chunk(100))
        {
            JsonNode answer =
                await AskAsync(BatchOperations.DescribeJobs,
                    new JsonObject { ["jobs"] = new JsonArray([.. some.Select(id => (JsonNode)id)]) }, cancellationToken);
            missing.AddRange(some.Except(answer["jobs"]!.AsArray().Select(job => (string)job!["jobId"]!)));
        }
        return missing;
    }

    public void Dispose() => _connection.Dispose();

    private async Task CreateAsync(CancellationToken cancellationToken)
    {
        await AskAsync(BatchOperations.CreateComputeEnvironment,
            new JsonObject
            {
                ["computeEnvironmentName"] = name,
                ["type"] = "UNMANAGED",
                ["serviceRole"] = "arn:aws:iam::000000000000:role/b",
            }, cancellationToken);
        await UntilAsync(() => FindAsync(BatchOperations.DescribeComputeEnvironments, "computeEnvironments", name, cancellationToken),
            static one => (string?)one["status"] == "VALID", cancellationToken);
        await AskAsync(BatchOperations.CreateJobQueue, new JsonObject
        {
            ["jobQueueName"] = name,
            ["priority"] = 1000,
            ["state"] = "ENABLED",
            ["computeEnvironmentOrder"] = new JsonArray(new JsonObject { ["order"] = 1, ["computeEnvironment"] = name }),
        }, cancellationToken);
        await UntilAsync(() => FindAsync(BatchOperations.DescribeJobQueues, "jobQueues", name, cancellationToken),
            static one => (string?)one["status"] == "VALID", cancellationToken);
        await AskAsync(BatchOperations.RegisterJobDefinition, new JsonObject
        {
            ["jobDefinitionName"] = name,
            ["type"] = "container",
            ["containerProperties"] = new JsonObject
            {
                ["image"] = "busybox",
                ["command"] = new JsonArray("true"),
                ["vcpus"] = 1,
                ["memory"] = 16,
            },
        }, cancellationToken);
    }

    private async Task TerminateAllAsync(CancellationToken cancellationToken)
    {
        await foreach (JsonNode queue in PagesAsync(BatchOperations.DescribeJobQueues, "jobQueues", [], cancellationToken))
        {
            if ((string?)queue["jobQueueName"] is not { } queueName || queueName == name) continue;
            bool isService = (string?)queue["jobQueueType"] == "SAGEMAKER_TRAINING";
            foreach (string status in s_open)
            {
                var list = new JsonObject { ["jobQueue"] = queueName, ["jobStatus"] = status };
                List<string> ids = [];
                await foreach (JsonNode job
                    in PagesAsync(isService ? BatchOperations.ListServiceJobs : BatchOperations.ListJobs, "jobSummaryList", list,
                        cancellationToken)) ids.Add((string)job["jobId"]!);
                AwsOperation terminate = isService ? BatchOperations.TerminateServiceJob : BatchOperations.TerminateJob;
                foreach (string id in ids)
                    await SendAsync(terminate, new JsonObject { ["jobId"] = id, ["reason"] = "enough" }, cancellationToken);
            }
        }
    }

    private async IAsyncEnumerable<JsonNode> PagesAsync(AwsOperation operation, string list, JsonObject request,
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        string? next = null;
        do
        {
            request["nextToken"] = next;
            Answer answer = await SendAsync(operation, request, cancellationToken);
            if (answer.Status != 200) yield break;
            JsonNode page = JsonNode.Parse(answer.Text)!;
            foreach (JsonNode? one in page[list]!.AsArray()) yield return one!;
            next = (string?)page["nextToken"];
        }
        while (next is not null);
    }

    private async Task<JsonNode?> FindAsync(AwsOperation operation, string list, string id, CancellationToken cancellationToken) =>
        (await AskAsync(operation, new JsonObject { [list] = new JsonArray(id) }, cancellationToken))[list]!.AsArray().FirstOrDefault();

    private static async Task<JsonNode> UntilAsync(
        Func<Task<JsonNode?>> find, Func<JsonNode, bool> isSo, CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(s_poll, TimeProvider.System);
        while (true)
        {
            if (await find() is { } found && isSo(found)) return found;
            await timer.WaitForNextTickAsync(cancellationToken);
        }
    }

    private Task<Answer> SendAsync(AwsOperation operation, JsonObject request, CancellationToken cancellationToken) =>
        _connection.SendAsync(Connection.Bytes(RequestGenerator.Plain(operation, request)), end: false, cancellationToken);

    private async Task<JsonNode> AskAsync(AwsOperation operation, JsonObject request, CancellationToken cancellationToken)
    {
        Answer answer = await SendAsync(operation, request, cancellationToken);
        return answer.Status == 200
            ? JsonNode.Parse(answer.Text)!
            : throw new InvalidOperationException($"{operation} {request.ToJsonString()}: {answer.Status} {answer.Text}");
    }
}
