using System.Globalization;
using Refrag.Scheduling.Catalogue;
using Refrag.Scheduling.Deciding;
using Refrag.Scheduling.Fitting;
using static Refrag.Scheduling.Tests.Worlds;

namespace Refrag.Scheduling.Tests.Catalogue;

/// <summary>What holds for all instance types of EC2, and some of them figure by figure.</summary>
public sealed class EveryTypeTests
{
    private static readonly RegionOfferings s_offerings = RegionOfferings.Load();

    // The tables that eng/instance-catalogue reads; not part of the project.
    private static readonly string s_data = Path.Combine(Root(AppContext.BaseDirectory), "..", "shared", "data");

    public static TheoryData<string> Families { get; } = [.. Tables.Types.Families];

    [Fact]
    public void Load_Types_AreThoseOfTheSource() => Assert.Equal((1266, 178), (Tables.Types.Types.Count, Tables.Types.Families.Count));

    [Theory]
    [MemberData(nameof(Families))]
    public void Load_Family_HasSensibleFigures(string family)
    {
        InstanceType[] types = [.. Tables.Types.Types.Where(type => type.Family == family)];
        Assert.Equal(types.OrderBy(type => type.VCpus).ThenBy(type => type.InstalledMiB), types);
        Assert.Single(types.Select(type => (type.Architecture, type.Accelerator)).Distinct());
        Assert.True(InstanceTypeName.IsPlausible(family));
        foreach (InstanceType type in types)
        {
            Assert.True(InstanceTypeName.IsPlausible(type.Name));
            Assert.InRange(type.VCpus, 1, 896);
            Assert.InRange(type.InstalledMiB, 512, 32 * 1024 * 1024);
            Assert.Equal(type.IsMac, type.Usable == default);
            Assert.InRange(type.Usable.MemoryMiB, type.IsMac ? 0 : 1, type.InstalledMiB - UsableMemory.AgentMiB);
            Assert.Equal(type.Accelerator is not null, type.AcceleratorMemoryMiB > 0);
            Assert.True(type.Accelerator is not null || type.Accelerators == 0);
            Assert.InRange(type.Gpus, 0, type.Accelerators);
        }
    }

    // p3 is older than the source, which does not list it.
    [Fact]
    public void Load_Types_AreOfferedSomewhere() => Assert.Equal(
        ["p3.2xlarge", "p3.8xlarge", "p3.16xlarge"],
        Tables.Types.Types.Where(type => !s_offerings.Regions.Any(region => s_offerings.Offers(region, type))).Select(type => type.Name));

    // Macs are sold by the hour of their host, at least a day of it. (EC2 guide, ec2-mac-instances)
    [Fact]
    public void Prices_OfWhatUsEast1Offers_AreKnown() => Assert.All(
        Tables.Types.Types.Where(type => s_offerings.Offers(PriceTable.DefaultRegion, type)),
        type => Assert.True(type.IsMac || Tables.Prices.Find(type.Name)?.OnDemand > 0, type.Name));

    [Fact]
    public void Decide_ForAJobOnEachType_LaunchesIt()
    {
        foreach (InstanceType type in Tables.Types.Types.Where(type => !type.IsMac))
        {
            Cluster cluster = New(Fleet("fleet", 1000, type.Name)).With(Queue("q", "fleet"));
            cluster.AddJob(Job("j", Amount.Of(1, 64, type.Gpus)), Start);
            Assert.Equal(type.Name, Assert.Single(cluster.Decide(Start).Launches).Type);
        }
    }

    [Fact]
    public void Decide_ForAJobOnAMac_LaunchesNothing()
    {
        Cluster cluster = New(Fleet("fleet", 1000, "mac1.metal")).With(Queue("q", "fleet"));
        cluster.AddJob(Job("j", Amount.Of(1, 64)), Start);
        Assert.Empty(cluster.Decide(Start).Launches);
    }

    // A GPU is a whole one of NVIDIA. (API ResourceRequirement; UG gpu-jobs)
    [Fact]
    public void Fit_OfAGpu_IsOnTypesOfNvidiaAlone()
    {
        Fit fit = Fit.Check(new Requirement { Amount = Amount.Of(1, 64, 1) }, Tables.Types.Types, Tables.Types, Tables.Prices);
        Assert.Equal(
            ["g4dn", "g5", "g5g", "g6", "g6e", "g7e", "gr6", "p3", "p3dn", "p4d", "p4de", "p5", "p5e", "p5en", "p6-b200", "p6-b300"],
            fit.Hosts.Select(host => host.Type.Family).Distinct());
    }

    [Theory]
    [InlineData("trn1.32xlarge", "needs 1 GPU, offers 0: only whole GPUs of NVIDIA count, and it has 16 AWS Trainium of 32768 MiB")]
    [InlineData("inf2.xlarge", "needs 1 GPU, offers 0: only whole GPUs of NVIDIA count, and it has 1 AWS Inferentia2 of 32768 MiB")]
    [InlineData("g4ad.xlarge", "needs 1 GPU, offers 0: only whole GPUs of NVIDIA count, and it has 1 AMD Radeon Pro V520 of 8192 MiB")]
    [InlineData("g6f.large", "needs 1 GPU, offers 0: only whole GPUs of NVIDIA count, and it has a part of one NVIDIA L4, 2861 MiB")]
    [InlineData("m5.large", "needs 1 GPU, offers 0")]
    [InlineData("mac2.metal",
        "needs 1 vCPUs, offers 0: Batch starts no Macs; needs 64 MiB of memory, offers 0 (64 short); needs 1 GPU, offers 0")]
    public void Fit_OfAGpuOnOtherAccelerators_SaysWhatTheyAre(string type, string lacks)
    {
        Fit fit = Fit.Check(new Requirement { Amount = Amount.Of(1, 64, 1) }, [type], Tables.Types, Tables.Prices).Value;
        Assert.Equal(lacks, string.Join("; ", Assert.Single(fit.Misses).Shortfalls));
    }

    // As AWS's instance type tables have them. (docs.aws.amazon.com/ec2/latest/instancetypes: ac, co, hpc, mo, so)
    [Theory]
    [InlineData("trn1.32xlarge", 128, 524288, "16 AWS Trainium of 32768 MiB", 7600, true, true)]
    [InlineData("trn2.48xlarge", 192, 2097152, "16 AWS Trainium2 of 524288 MiB", 7600, true, true)]
    [InlineData("inf1.24xlarge", 96, 196608, "16 AWS Inferentia of 8192 MiB", 0, true, true)]
    [InlineData("inf2.48xlarge", 192, 786432, "12 AWS Inferentia2 of 32768 MiB", 0, false, true)]
    [InlineData("dl1.24xlarge", 96, 786432, "8 Habana Gaudi HL-205 of 32768 MiB", 4000, true, true)]
    [InlineData("g4ad.xlarge", 4, 16384, "1 AMD Radeon Pro V520 of 8192 MiB", 150, false, true)]
    [InlineData("g6f.large", 2, 8192, "a part of one NVIDIA L4, 2861 MiB", 100, false, true)]
    [InlineData("p5.48xlarge", 192, 2097152, "8 NVIDIA H100 of 81920 MiB", 30400, true, true)]
    [InlineData("i4i.8xlarge", 32, 262144, null, 7500, false, true)]
    [InlineData("d3.xlarge", 4, 32768, null, 5940, false, true)]
    [InlineData("hpc7g.16xlarge", 64, 131072, null, 0, true, false)]
    [InlineData("u7in-32tb.224xlarge", 896, 33554432, null, 0, true, false)]
    [InlineData("c5.metal", 96, 196608, null, 0, false, true)]
    public void Find_Type_IsAsAwsPublishesIt(
        string name, int vCpus, int memory, string? accelerators, int disks, bool hasEfa, bool hasSpot)
    {
        InstanceType type = Tables.Types.Find(name)!;
        Assert.Equal((vCpus, memory, accelerators, disks, hasEfa, hasSpot),
            (type.VCpus, type.InstalledMiB, type.AcceleratorText, type.LocalStorageGB, type.HasEfa, type.HasSpot));
    }

    [Fact]
    public void Load_Types_AreEachAsTheirSourceHasThem()
    {
        Dictionary<string, string>[] rows = Source("ec2-types.csv");
        foreach (Dictionary<string, string> row in rows)
        {
            InstanceType type = Tables.Types.Find(row["type"])!;
            Assert.Equal(
                (Number(row["vcpus"]), Number(row["memory_mib"]), row["architectures"].Contains("arm64", StringComparison.Ordinal),
                    row["architectures"].Contains("mac", StringComparison.Ordinal), Number(row["accelerators"]),
                    Number(row["accelerator_memory_mib"]), Number(row["local_storage_gb"])),
                (type.VCpus, type.InstalledMiB, type.Architecture is Architecture.Arm64, type.IsMac, type.Accelerators,
                    type.AcceleratorMemoryMiB, type.LocalStorageGB));
            Assert.Equal((row["spot"] == "1", row["current"] == "1", row["bare_metal"] == "1", row["efa"] == "1"),
                (type.HasSpot, type.IsCurrent, type.IsBareMetal, type.HasEfa));
            Assert.EndsWith(type.Accelerator ?? "", row["accelerator"], StringComparison.Ordinal);
            Assert.Equal(row["accelerator"].Length > 0, type.Accelerator is not null);
        }
        Assert.Equal(1263, rows.Length);
    }

    [Fact]
    public void Offers_EveryRegionAndType_IsAsTheSourceHasIt()
    {
        foreach (Dictionary<string, string> row in Source("ec2-offerings.csv"))
        {
            InstanceType type = Tables.Types.Find(row["type"])!;
            Assert.Equal(row.Where(cell => cell.Value == "1").Select(cell => cell.Key).Order(StringComparer.Ordinal),
                s_offerings.Regions.Where(region => s_offerings.Offers(region, type)).Order(StringComparer.Ordinal));
        }
    }

    [Fact]
    public void Prices_OfTypesThatAreKnown_AreAsTheSourceHasThem()
    {
        foreach (Dictionary<string, string> row in Source("ec2-on-demand-prices.csv"))
        {
            if (Tables.Types.Find(row["type"]) is null) continue;
            Assert.Equal(
                decimal.Parse(row["usd_per_hour"], CultureInfo.InvariantCulture), Tables.Prices.Find(row["type"], row["region"])!.OnDemand);
        }
    }

    private static int Number(string cell) => cell.Length == 0 ? 0 : int.Parse(cell, CultureInfo.InvariantCulture);

    private static Dictionary<string, string>[] Source(string name)
    {
        string file = Path.Combine(s_data, name);
        Assert.SkipUnless(File.Exists(file), $"{name}, from which the tables are generated, is not here.");
        string[] lines = File.ReadAllLines(file);
        string[] columns = lines[0].Split(',');
        return [.. lines.Skip(1).Select(line => columns.Zip(line.Split(',')).ToDictionary(cell => cell.First, cell => cell.Second))];
    }

    private static string Root(string folder) =>
        File.Exists(Path.Combine(folder, "refrag.slnx")) ? folder : Root(Path.GetDirectoryName(folder)!);
}
