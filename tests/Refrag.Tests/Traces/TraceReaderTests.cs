using Refrag.Traces;

namespace Refrag.Tests.Traces;

public sealed class TraceReaderTests
{
    [Fact]
    public void Read_OfATable_HasItsJobsByTimeOfSubmission()
    {
        Workload read = Good(""""
            job_id,submit_s,run_s,vcpus,memory_mib,gpus,attempts,timeout_s,queue,share,priority,name
            b,60.5,1h30m,0.5,512,0,3,7200,fast,"team, a",7,"say ""hi"""
            a,0,90,4,,2,,,,,,
            """");

        Assert.Equal(["a", "b"], read.Jobs.Select(job => job.Id));
        // 4 GiB a vCPU where the memory is not said.
        Assert.Equal((4000, 16_384, 2, true), (read.Jobs[0].MilliVCpus, read.Jobs[0].MemoryMiB, read.Jobs[0].Gpus, read.Jobs[0].IsGpu));
        TraceJob second = read.Jobs[1];
        Assert.Equal((60_500L, 5_400_000L, 500, 512), (second.SubmittedAt, second.Runs, second.MilliVCpus, second.MemoryMiB));
        Assert.Equal((3, 7_200_000L, 7), (second.Attempts, second.Timeout, second.Priority));
        Assert.Equal(("fast", "team, a", "say \"hi\""), (second.Queue, second.Share, second.Name));
        Assert.Equal("b (t.csv:2)", read.NameOf(second));
    }

    [Fact]
    public void Read_OfJsonLines_HasTheSame()
    {
        Workload read = Good("""
            {"submit_time": "2026-11-30T10:00:00Z", "run_s": 60, "gpus": 1, "vcpus": 8, "note": "ignored"}

            {"submit_time": "2026-11-30T10:01:00+00:00", "run_s": "2m"}
            """);

        Assert.Equal(new DateTimeOffset(2026, 11, 30, 10, 0, 0, TimeSpan.Zero), read.Start);
        Assert.Equal([(0L, 60_000L), (60_000L, 120_000L)], read.Jobs.Select(job => (job.SubmittedAt, job.Runs)));
        Assert.Contains("note", Assert.Single(read.Notes), StringComparison.Ordinal);
    }

    // The columns of the traces that Alibaba and Microsoft have published, in the form in which bench/scheduling.sh takes them.
    [Theory]
    [InlineData("job_id,submit_s,duration_s,cpus,memory_mib,gpus,gpu_milli,nodes,time_limit_s,user\na,0,363,8,30517,1,220,1,,", 1, 1)]
    [InlineData("job_id,submit_s,duration_s,gpus,virtual_cluster\np0,0,2240194,16,7f04ca", 8, 2)]
    public void Read_OfAPublishedTrace_TakesItsColumns(string text, int gpus, int nodes)
    {
        TraceJob job = Assert.Single(Good(text).Jobs);

        Assert.Equal((gpus, nodes), (job.Gpus, job.Nodes));
    }

    [Theory]
    [InlineData("submit_s,run_s\n0,-5", "t.csv:2", "run_s must not be negative; got '-5'")]
    [InlineData("submit_s,run_s\n0,60\n\nsoon,60", "t.csv:4", "submit_s must be seconds")]
    [InlineData("submit_s,run_s,gpus\n0,60,half", "t.csv:2", "gpus must be a whole number from 0 to 10000; got 'half'")]
    [InlineData("submit_s,run_s\n0", "t.csv:2", "the line has 1 values, and the header has 2")]
    [InlineData("submit_s,run_s\n0,", "t.csv:2", "run_s is missing")]
    [InlineData("submit_s,run_s,gpu\n0,60,1", "t.csv:1", "a trace has no column gpu")]
    [InlineData("submit_s,length\n0,60", "t.csv:1", "the column run_s is missing")]
    [InlineData("{\"submit_s\": 0, \"run_s\": 1}\n{\"submit_s\": 0", "t.csv:2", "this is not a JSON object")]
    [InlineData("submit_s,run_s\n", "", "The trace t.csv has no jobs")]
    [InlineData("", "", "The trace t.csv has no jobs")]
    public void Read_OfWhatIsNoTrace_NamesFileAndLine(string text, string place, string what)
    {
        Assert.False(TraceReader.Read(new StringReader(text), "t.csv").TryGet(out _, out IReadOnlyList<Problem> problems));

        string said = ProblemText.Render(problems);
        Assert.Contains(what, said, StringComparison.Ordinal);
        Assert.Contains(place, said, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_OfAFileThatIsNotThere_IsOneProblem()
    {
        Assert.False(TraceReader.Read("/nowhere/t.csv", "t.csv").TryGet(out _, out IReadOnlyList<Problem> problems));

        Assert.Equal("RF8151", Assert.Single(problems).Code);
    }

    [Fact]
    public void Write_OfWhatWasRead_IsReadAsTheSame()
    {
        Workload read = Good("""
            job_id,submit_s,run_s,vcpus,memory_mib,gpus,nodes,attempts,timeout_s,queue,share,priority,name
            a,0,90.25,4,8192,2,2,3,60,q,"s,t",1,n
            """);
        using var text = new StringWriter();

        TraceWriter.Write(read, text);

        Assert.Equal(read.Jobs, Good(text.ToString()).Jobs);
    }

    // Columns and forms: Slurm, sacct(1), "Job Accounting Fields" and --parsable2.
    [Fact]
    public void Read_OfSacct_HasJobsThatRan()
    {
        Workload read = Good("""
            JobID|JobName|Partition|Account|Submit|Elapsed|ReqTRES|ReqMem|NNodes|Timelimit|State
            100|train|gpu|lab|2026-11-01T10:00:00|1-02:03:04|billing=8,cpu=8,gres/gpu=2,mem=64G,node=2|32Gn|2|2-00:00:00|COMPLETED
            100.batch|batch||lab|2026-11-01T10:00:00|1-02:03:04|||2||COMPLETED
            101_3|small|cpu|lab|2026-11-01T10:05:00|12:30|cpu=2,mem=500M|250Mc|1|UNLIMITED|CANCELLED by 1000
            102|later|cpu|lab|2026-11-01T10:06:00|00:00:00|cpu=1||1||PENDING
            103|never|cpu|lab|2026-11-01T10:07:00|00:00:00|cpu=1||1||CANCELLED
            104|old|cpu|lab|2026-11-01T10:08:00|60|||2||FAILED
            """);

        Assert.Equal(["100", "101_3", "104"], read.Jobs.Select(job => job.Id));
        TraceJob train = read.Jobs[0];
        Assert.Equal((2, 4000, 32_768, 1), (train.Nodes, train.MilliVCpus, train.MemoryMiB, train.Gpus));
        Assert.Equal((93_784_000L, 172_800_000L, "gpu", "lab"), (train.Runs, train.Timeout, train.Queue, train.Share));
        Assert.Equal((750_000L, 0L, 500, 300_000L),
            (read.Jobs[1].Runs, read.Jobs[1].Timeout, read.Jobs[1].MemoryMiB, read.Jobs[1].SubmittedAt));
        Assert.Equal(["1 jobs of t.csv had not ended, and are left out.", "1 jobs of t.csv never ran, and are left out."], read.Notes);
    }

    [Theory]
    [InlineData("JobID|Elapsed\n1|60", "the column Submit is missing")]
    [InlineData("JobID|Submit|Elapsed|State\n1|yesterday|60|COMPLETED", "job 1 has no valid Submit")]
    [InlineData("JobID|Submit|Elapsed|State\n1|2026-11-01T10:00:00|long|COMPLETED", "job 1 has no valid Elapsed")]
    public void Read_OfSacctWithoutWhatIsNeeded_SaysSo(string text, string what)
    {
        Assert.False(TraceReader.Read(new StringReader(text), "t.csv").TryGet(out _, out IReadOnlyList<Problem> problems));

        Assert.Contains(what, ProblemText.Render(problems), StringComparison.Ordinal);
    }

    private static Workload Good(string text) => TraceReader.Read(new StringReader(text), "t.csv").Value;
}
