using CsCheck;
using Refrag.Scheduling.Catalogue;
using Refrag.Scheduling.Fitting;

namespace Refrag.Scheduling.Tests.Fitting;

public sealed class FitTests
{
    private static readonly string[] s_referenceGpuTypes = ["g5.xlarge", "g5.2xlarge", "g5.4xlarge"];

    private static Fit Check(Amount amount, params string[] names) =>
        Fit.Check(new Requirement { Amount = amount }, names, Tables.Types, Tables.Prices).Value;

    [Fact]
    public void Types_G5_NoneHasTwoGpus()
    {
        Assert.Equal(1, Tables.Types.Find("g5.4xlarge")!.Gpus);
        Assert.Equal(4, Tables.Types.Find("g5.12xlarge")!.Gpus);
        Assert.DoesNotContain(Tables.Types.Resolve(["g5"]).Value, type => type.Gpus == 2);
    }

    [Fact]
    public void Check_TwoGpusOnReferenceTypes_FitsNoneAndG5_12XlargeIsTheCure()
    {
        Fit fit = Check(Amount.Of(8, 32768, 2), s_referenceGpuTypes);
        Assert.False(fit.Fits);
        Assert.Equal("g5.4xlarge", fit.Misses[0].Type.Name);
        Assert.Equal(new Shortfall(Dimension.Gpus, 2, 1), Assert.Single(fit.Misses[0].Shortfalls));
        Assert.Equal("g5.12xlarge", Assert.Single(fit.Changes.OfType<AddType>()).Type.Name);
        Assert.Equal(Amount.Of(8, 32768, 1), Assert.Single(fit.Changes.OfType<LowerRequest>()).To);
    }

    [Fact]
    public void Check_GpuDefinition_FitsNeitherG5Xlarge_NorG5_2Xlarge()
    {
        Fit fit = Check(Amount.Of(8, 32768, 1), s_referenceGpuTypes);
        Assert.Equal(["g5.4xlarge"], fit.Hosts.Select(host => host.Type.Name));
        Assert.Equal(["g5.2xlarge", "g5.xlarge"], fit.Misses.Select(miss => miss.Type.Name));
        // Only memory: 32,768 installed are 32,768 - 32 - 700 for jobs.
        Assert.Equal(new Shortfall(Dimension.Memory, 32768, 32036), Assert.Single(fit.Misses[0].Shortfalls));
        Assert.Equal([Dimension.VCpus, Dimension.Memory], fit.Misses[1].Shortfalls.Select(s => s.Dimension));
    }

    [Fact]
    public void Check_CpuDefinition_FitsNoLarge()
    {
        Fit fit = Check(Amount.Of(4, 8192), [.. Tables.Types.Types.Select(type => type.Name)]);
        Assert.DoesNotContain(fit.Hosts, host => host.Type.Name.EndsWith(".large", StringComparison.Ordinal));
        Assert.Contains(fit.Hosts, host => host.Type.Name == "m6i.xlarge");
    }

    [Fact]
    public void Check_InstalledMemory_NeverFits() => Assert.All(
        Tables.Types.Types, type => Assert.False(Check(new Amount(1000, type.InstalledMiB, 0), type.Name).Fits));

    // 31,672 MiB was the most on an r5d.xlarge, where the formula says 32,036. (ASFHyP3/hyp3#582)
    [Fact]
    public void Check_MemoryBetweenTheSureAndTheFormula_ProbablyFitsAndHasASureChange()
    {
        Fit fit = Check(Amount.Of(4, 31800), "r5.xlarge");

        Assert.True(fit.Fits);
        Assert.False(fit.IsSure);
        Assert.All(fit.Hosts, host => Assert.Equal((1, 0), (host.PerInstance, host.SurelyPerInstance)));
        Assert.Equal(31129, Assert.Single(fit.Changes.OfType<LowerRequest>()).To.MemoryMiB);
    }

    [Fact]
    public void Check_JobsThatFillTheFormula_CountsFewerSurely()
    {
        TypeFit host = Check(Amount.Of(1, 8000), "m6i.2xlarge").Hosts.Single();

        Assert.Equal((4, 3), (host.PerInstance, host.SurelyPerInstance));
    }

    [Fact]
    public void Check_SmallJob_CountsPerInstance()
    {
        TypeFit host = Check(Amount.Of(2, 4096), "m5.2xlarge").Hosts.Single();
        Assert.Equal(4, host.PerInstance);
    }

    [Fact]
    public void Check_Node_HasAnInstanceOfItsOwn()
    {
        var requirement = new Requirement { Amount = Amount.Of(1, 1024), Nodes = 3 };
        Assert.Equal(1, Fit.Check(requirement, ["m5.4xlarge"], Tables.Types).Value.Hosts.Single().PerInstance);
    }

    [Fact]
    public void Check_WrongArchitecture_IsNeverNear()
    {
        var requirement = new Requirement { Amount = Amount.Of(4, 4096), Architecture = Architecture.X64 };
        Fit fit = Fit.Check(requirement, ["c6g.xlarge", "c6i.large"], Tables.Types).Value;
        Assert.Equal(["c6i.large", "c6g.xlarge"], fit.Misses.Select(miss => miss.Type.Name));
    }

    // Whatever is asked for: hosts really have room, misses really lack something, and each change, when made, makes the job fit.
    [Fact]
    public void Check_AnyRequest_HostsHoldAndChangesCure() => Gen.Select(
        Gen.Int[1, 200], Gen.Int[4, 2_200_000], Gen.Int[0, 9], Gen.Int[0, Tables.Types.Types.Count - 1].Array[1, 6])
            .Sample((cpus, memory, gpus, picks) =>
        {
            Amount amount = Amount.Of(cpus, memory, gpus);
            InstanceType[] types = [.. picks.Distinct().Select(pick => Tables.Types.Types[pick])];
            Fit fit = Fit.Check(new Requirement { Amount = amount }, types, Tables.Types, Tables.Prices);
            Assert.Equal(types.Length, fit.Hosts.Count + fit.Misses.Count);
            Assert.All(fit.Hosts, host => Assert.True((amount * host.PerInstance).FitsIn(host.Type.Usable) && host.PerInstance > 0));
            Assert.All(fit.Misses, miss => Assert.All(miss.Shortfalls, lack => Assert.True(lack.Missing > 0)));
            foreach (Change change in fit.Changes)
            {
                Fit after = change switch
                {
                    LowerRequest lower => Fit.Check(new Requirement { Amount = lower.To }, types, Tables.Types),
                    AddType add => Fit.Check(new Requirement { Amount = amount }, [.. types, add.Type], Tables.Types),
                    _ => fit,
                };
                Assert.True(after.IsSure, change.Text);
            }
        }, iter: 2000);
}
