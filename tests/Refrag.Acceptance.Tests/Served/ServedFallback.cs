namespace Refrag.Acceptance.Tests.Served;

/// <summary>A server with simulated Spot instances whose jobs are processes, and an on-demand queue beside them.</summary>
public sealed class ServedFallback : ServedBatch
{
    /// <summary>The queue whose compute environment is on demand alone.</summary>
    public const string OnDemand = "refrag-cpu-on-demand-job-queue";

    /// <summary>A program that never ends on Spot, and succeeds on demand.</summary>
    public static readonly string[] EndsOnDemand = ["sh", "-c", $"[ \"$AWS_BATCH_JQ_NAME\" = {OnDemand} ] || exec sleep 600"];

    protected override string[] Options => ["--fleet", "--runner", "process", "--instance-start", "1s"];

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        await PythonAsync(ServedFleets.Prelude + $"""
            fleet("refrag-cpu-on-demand-compute-env", ["m5.large"])
            queue("{OnDemand}", ["refrag-cpu-on-demand-compute-env"])
            print("null")
            """);
    }

    /// <summary>The words of a run on Spot that moves to the on-demand queue once this many attempts have lost their host.</summary>
    public static string[] Words(int attempts, params string[] more) =>
    [
        "env=awsbatch", "env.spot=first", $"env.spot_attempts={attempts}", $"env.cpu_on_demand_job_queue={OnDemand}", "env.vcpus=1",
        "env.memory=64MiB", .. more,
    ];

    /// <summary>Takes the hosts of a job, or of all children of an array, away, one after the other, until it has ended.</summary>
    public Task ReclaimAsync(string id, int times, int children = 0) => PythonAsync(ServedFleets.Prelude + $"""
        job, times, children = "{id}", {times}, {children}
        parts = [job + ":" + str(i) for i in range(children)] or [job]
        for number in range(times):
            until(lambda: all(j["status"] == "RUNNING" and len(j["attempts"]) == number
                for j in batch.describe_jobs(jobs=parts)["jobs"]))
            happen([dict(what="spot_reclaim", part=1)])
        wait(job, statuses=("FAILED",))
        print("null")
        """);

    /// <summary>The jobs in the on-demand queue that succeed one: their ids and their states.</summary>
    public async Task<IReadOnlyList<(string Id, string Status)>> SuccessorsAsync(string id) =>
    [
        .. (await PythonAsync($"""
            found = []
            for status in ("SUBMITTED", "PENDING", "RUNNABLE", "STARTING", "RUNNING", "SUCCEEDED", "FAILED"):
                found += [j["jobId"] for j in batch.list_jobs(jobQueue="{OnDemand}", jobStatus=status)["jobSummaryList"]]
            jobs = batch.describe_jobs(jobs=list(dict.fromkeys(found)))["jobs"] if found else []
            print(json.dumps([[j["jobId"], j["status"]] for j in jobs if j.get("tags", dict()).get("refrag:retry-of") == "{id}"]))
            """)).AsArray().Select(one => ((string)one![0]!, (string)one[1]!)),
    ];
}
