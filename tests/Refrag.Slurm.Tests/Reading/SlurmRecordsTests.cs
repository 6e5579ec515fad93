using Refrag.Slurm.Reading;

namespace Refrag.Slurm.Tests.Reading;

/// <summary>The texts are what Slurm 22.05.8 printed.</summary>
public sealed class SlurmRecordsTests
{
    private const string PartitionLine =
        "PartitionName=cpu AllowGroups=ALL AllowAccounts=ALL AllowQos=ALL AllocNodes=ALL Default=YES QoS=N/A DefaultTime=01:00:00 "
        + "DisableRootJobs=NO ExclusiveUser=NO GraceTime=0 Hidden=NO MaxNodes=UNLIMITED MaxTime=1-00:00:00 MinNodes=0 LLN=NO "
        + "MaxCPUsPerNode=UNLIMITED Nodes=n[1-2] PriorityJobFactor=1 PriorityTier=1 RootOnly=NO ReqResv=NO OverSubscribe=NO "
        + "OverTimeLimit=NONE PreemptMode=OFF State=UP TotalCPUs=8 TotalNodes=2 SelectTypeParameters=NONE JobDefaults=(null) "
        + "DefMemPerCPU=500 MaxMemPerNode=UNLIMITED TRES=cpu=8,mem=8000M,node=2,billing=8";

    private const string NodeLine =
        "NodeName=n3 Arch=x86_64 CoresPerSocket=8  CPUAlloc=0 CPUEfctv=8 CPUTot=8 CPULoad=5.68 AvailableFeatures=(null) "
        + "ActiveFeatures=(null) Gres=gpu:a10g:4(S:0) NodeAddr=127.0.0.1 NodeHostName=vm Port=27822 Version=22.05.8 "
        + "OS=Linux 6.18.44 #1 SMP PREEMPT_DYNAMIC @0  RealMemory=8000 AllocMem=0 FreeMem=19164 Sockets=1 Boards=1 State=IDLE+DRAIN "
        + "ThreadsPerCore=1 Partitions=gpu,all  BootTime=2026-11-30T15:10:35 Reason=a bad fan [root@2026-11-30T16:00:00]";

    [Fact]
    public void Parse_ARowOfSqueue_KeepsANameWithBars()
    {
        QueueRow? row = QueueRow.Parse("105|3|PENDING|cpu|1790000000|N/A|N/A||ReqNodeNotAvail, UnavailableNodes:n2|a|b.c");

        Assert.Equal(
            new QueueRow("105", 3, "PENDING", "cpu", 1790000000, null, null, "", "ReqNodeNotAvail, UnavailableNodes:n2", "a|b.c"), row);
    }

    [Theory]
    [InlineData("")]
    [InlineData("105|N/A|RUN")]
    [InlineData("|||||||||")]
    public void Parse_ALineThatWasCutOff_IsNoRow(string line) => Assert.Null(QueueRow.Parse(line));

    [Fact]
    public void Parse_APartition_ReadsItsLimits() => Assert.Equal(
        new Partition("cpu", "UP", 8, 2, null, TimeSpan.FromDays(1), TimeSpan.FromHours(1)), Partition.Parse(PartitionLine));

    [Fact]
    public void Parse_ANode_ReadsWhatItHasAndWhyItIsOut()
    {
        Node node = Node.Parse(NodeLine)!;

        Assert.Equal(("n3", 8, 8000L, 4), (node.Name, node.Cpus, node.MemoryMiB, node.Gpus));
        Assert.Equal(["gpu", "all"], node.Partitions);
        Assert.Equal("a bad fan [root@2026-11-30T16:00:00]", node.Reason);
        Assert.True(node.IsOut);
    }

    [Theory]
    [InlineData("gpu:4", 4)]
    [InlineData("gpu:a10g:4(S:0-1),shard:8", 4)]
    [InlineData("gpu:a10g:2,gpu:h100:1", 3)]
    [InlineData("(null)", 0)]
    public void Gpus_OfGres_AreCounted(string text, int gpus) => Assert.Equal(gpus, Gres.Gpus(text));

    [Theory]
    [InlineData("1-00:00:00", 86400)]
    [InlineData("01:00:00", 3600)]
    [InlineData("30:00", 1800)]
    [InlineData("UNLIMITED", null)]
    [InlineData("NONE", null)]
    [InlineData(null, null)]
    public void Parse_ATime_IsDaysHoursMinutesSeconds(string? text, int? seconds) =>
        Assert.Equal(seconds, (int?)SlurmTime.Parse(text)?.TotalSeconds);
}
