namespace Refrag.Acceptance.Tests.Served;

/// <summary>A server with simulated instances in every region, whose jobs are processes. us-west-2 can be left without capacity.</summary>
public sealed class ServedPair : ServedBatch
{
    /// <summary>A region whose queue is disabled.</summary>
    public const string Closed = "eu-central-1";

    protected override string[] Options => ["--fleet", "--runner", "process", "--instance-start", "1s"];

    // What a region has no capacity for never starts there: no job needs larger instances before.
    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        await PythonAsync(ServedFleets.Prelude + $"""
            there = boto3.client("batch", region_name="{Closed}")
            there.update_job_queue(jobQueue="refrag-cpu-job-queue", state="DISABLED")
            def happen_in(region, events):
                request = AWSRequest("POST", os.environ["AWS_ENDPOINT_URL_BATCH"] + "/rehearsal/events", data=json.dumps(events),
                    headers={"{"}"Content-Type": "application/json"{"}"})
                SigV4Auth(get_session().get_credentials(), "batch", region).add_auth(request)
                urllib.request.urlopen(urllib.request.Request(request.url, data=json.dumps(events).encode(),
                    headers=dict(request.headers), method="POST"), timeout=120).read()
            happen_in("us-west-2", [dict(what="insufficient_capacity", type="*")])
            print("null")
            """);
    }

    /// <summary>The words of a run in one of two regions, where the first is tried first: both cost the same for such a job.</summary>
    public static string[] Words(string first, string second, params string[] more) =>
        ["env=awsbatch", $"env.regions=[{first},{second}]", "env.vcpus=4", "env.memory=64MiB", .. more];

    /// <summary>
    /// The jobs of a region that succeed one of another: their ids, states and times of creation, in milliseconds of Unix time.
    /// </summary>
    public async Task<IReadOnlyList<(string Id, string Status, long CreatedAt)>> SuccessorsAsync(string region, string id) =>
    [
        .. (await PythonAsync($"""
            there, found = boto3.client("batch", region_name="{region}"), []
            for status in ("SUBMITTED", "PENDING", "RUNNABLE", "STARTING", "RUNNING", "SUCCEEDED", "FAILED"):
                found += [j["jobId"] for j in there.list_jobs(jobQueue="refrag-cpu-job-queue", jobStatus=status)["jobSummaryList"]]
            jobs = there.describe_jobs(jobs=list(dict.fromkeys(found)))["jobs"] if found else []
            print(json.dumps([[j["jobId"], j["status"], j["createdAt"]] for j in jobs
                if j.get("tags", dict()).get("refrag:retry-of") == "{id}"]))
            """)).AsArray().Select(one => ((string)one![0]!, (string)one[1]!, (long)one[2]!)),
    ];

    /// <summary>A job of a region: its state, the reason of its end, and when it ended.</summary>
    public async Task<(string Status, string Reason, long StoppedAt)> JobAsync(string region, string id)
    {
        var job = await PythonAsync($"""
            job = boto3.client("batch", region_name="{region}").describe_jobs(jobs=["{id}"])["jobs"][0]
            print(json.dumps([job["status"], job.get("statusReason", ""), job.get("stoppedAt", 0)]))
            """);
        return ((string)job[0]!, (string)job[1]!, (long)job[2]!);
    }
}
