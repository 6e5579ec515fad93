using Refrag.Aws.Batch;
using Refrag.Diagnosis;
using Refrag.Jobs;
using Refrag.Launching;
using Refrag.Scheduling.Catalogue;
using Refrag.Targeting;

namespace Refrag.Tests.Diagnosis;

public sealed class HostCheckTests
{
    private const string Describe = "DescribeComputeEnvironments";

    private readonly FakeAccount _account = new();
    private readonly List<string> _notes = [];

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    // The largest of the GPU environment is g5.12xlarge: 48 vCPUs, 4 GPUs. (EC2 instance types)
    [Theory]
    [InlineData(8, null, null, "has 8 GPUs or more (most: 4)", "env.gpus=4", "env.gpus")]
    [InlineData(1, 64, null, "has 64 vCPUs (most: 48)", "env.vcpus=48", "env.vcpus")]
    [InlineData(1, null, 400_000, "has 400000 MiB for jobs (nearest: g5.12xlarge", "env.memory=", "env.memory")]
    public async Task Check_MoreThanTheLargestHas_IsRefusedWithWhatWouldFit(
        int gpus, int? vcpus, int? memory, string cause, string fits, string key)
    {
        Problem problem = Assert.Single(await CheckAsync(Check(), Spec(gpus, vcpus, memory) with { Places = new KeyPlaces() }));

        Assert.Equal("RF2065", problem.Code);
        Assert.Equal($"No instance behind queue {FakeAccount.Gpu} can host job mine", problem.What);
        Assert.Contains(cause, problem.Cause, StringComparison.Ordinal);
        Assert.Contains(fits, problem.Cure, StringComparison.Ordinal);
        Assert.Contains("Or name another queue: env.job_queue=NAME. Or send it anyway: --force.", problem.Cure, StringComparison.Ordinal);
        Assert.Equal(key, Assert.IsType<ArgumentPlace>(problem.Place).Text);
    }

    [Fact]
    public async Task Check_MoreThanTheMaximum_IsRefused()
    {
        _account.ChangeResources(FakeAccount.CpuEnv, resources => resources with { MaxvCpus = 4 });

        Problem problem = Assert.Single(await CheckAsync(Check(), Spec(0, 8, 1024)));

        Assert.Contains($"It needs 8 vCPUs at once, and {FakeAccount.CpuEnv} may have 4", problem.Cause, StringComparison.Ordinal);
        Assert.StartsWith("Raise its maximum. Or name another queue", problem.Cure, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Check_GpuJobOnAQueueWithoutGpus_NamesTheGpuQueueOnce()
    {
        JobSpec spec = Spec(1, null, null);
        spec = spec with { Queues = spec.Queues with { Manual = FakeAccount.Cpu } };

        Problem problem = Assert.Single(await CheckAsync(Check(), spec));

        Assert.StartsWith($"Use the GPU queue: env.job_queue={FakeAccount.Gpu}. Or ", problem.Cure, StringComparison.Ordinal);
        Assert.DoesNotContain("another queue", problem.Cure, StringComparison.Ordinal);
    }

    // On EC2 no definition says the architecture: it is asked of the queue's types. c6i and m6i are x86. (EC2 instance types)
    [Fact]
    public async Task Check_ArchitectureThatNoTypeHas_IsRefused()
    {
        JobSpec spec = Spec(0, 2, 1024) with
        {
            Changes = new DefinitionChanges(Container: new ContainerChanges { Architecture = ContainerChanges.Arm64 }),
            Places = new KeyPlaces(),
        };

        Problem problem = Assert.Single(await CheckAsync(Check(), spec));

        Assert.Equal("RF2065", problem.Code);
        Assert.Contains($"no instance type of {FakeAccount.CpuEnv} is", problem.Cause, StringComparison.Ordinal);
        Assert.Equal("env.architecture", Assert.IsType<ArgumentPlace>(problem.Place).Text);
        _account.ChangeResources(FakeAccount.CpuEnv, one => one with { InstanceTypes = ["c7g.large"] });
        Assert.Empty(await CheckAsync(Check(), spec));
    }

    [Fact]
    public async Task Check_SeveralEnvironments_NamesTheNearest()
    {
        _account.Environments.Add(FakeAccount.EnvOf("small", ["g5.xlarge"]));
        _account.Change(FakeAccount.Gpu, queue => FakeAccount.QueueOf(FakeAccount.Gpu, "small", FakeAccount.GpuEnv));

        Problem problem = Assert.Single(await CheckAsync(Check(), Spec(8, null, null)));

        Assert.Contains($"No instance type of {FakeAccount.GpuEnv} has 8 GPUs or more (most: 4)", problem.Cause, StringComparison.Ordinal);
    }

    public static TheoryData<string> Unknown => ["type", "unmanaged", "gone", "none"];

    [Theory]
    [MemberData(nameof(Unknown))]
    public async Task Check_WhatIsNotKnown_IsNoMisfit(string what)
    {
        if (what == "type") _account.ChangeResources(FakeAccount.GpuEnv, one => one with { InstanceTypes = ["g5.xlarge", "x9z.48xlarge"] });
        if (what == "unmanaged")
            _account.ChangeEnv(FakeAccount.GpuEnv, one => one with { Type = CEType.Unmanaged, ComputeResources = null });
        if (what == "gone") _account.Environments.RemoveAll(one => one.ComputeEnvironmentName == FakeAccount.GpuEnv);
        if (what == "none") _account.Change(FakeAccount.Gpu, _ => FakeAccount.QueueOf(FakeAccount.Gpu));

        Assert.Empty(await CheckAsync(Check(), Spec(8, null, null)));
        Assert.Empty(_notes);
    }

    [Fact]
    public async Task Check_AnUnmanagedEnvironmentBesideOneThatIsTooSmall_IsNoMisfit()
    {
        _account.Environments.Add(FakeAccount.EnvOf("own", []) with { Type = CEType.Unmanaged, ComputeResources = null });
        _account.Change(FakeAccount.Gpu, _ => FakeAccount.QueueOf(FakeAccount.Gpu, FakeAccount.GpuEnv, "own"));

        Assert.Empty(await CheckAsync(Check(), Spec(8, null, null)));
    }

    [Fact]
    public async Task Check_WhatFits_IsNoMisfit() => Assert.Empty(await CheckAsync(Check(), Spec(1, null, null)));

    // m6i.2xlarge has 32 GiB installed. How much of it jobs get depends on the machine image.
    [Fact]
    public async Task Check_WhatMayFit_IsSentWithANote()
    {
        Assert.Empty(await CheckAsync(Check(), Spec(0, 2, 32_768 - 200)));

        Assert.Contains("It may never start", Assert.Single(_notes), StringComparison.Ordinal);
    }

    // r6i.24xlarge has 96 vCPUs. m6i.32xlarge has 128 and 524,288 MiB installed: whether jobs get 520,000 depends on the machine image.
    [Fact]
    public async Task Check_WhatALargerTypeThanTheNearestMayFit_IsSentWithANote()
    {
        _account.ChangeResources(FakeAccount.CpuEnv, one => one with { InstanceTypes = ["r6i.24xlarge", "m6i.32xlarge"] });

        Assert.Empty(await CheckAsync(Check(), Spec(0, 97, 520_000)));

        Assert.Contains("has 97 vCPUs together with 520000 MiB for jobs", Assert.Single(_notes), StringComparison.Ordinal);
    }

    // r6i.xlarge would host it and may have 2 vCPUs only; m6i.xlarge has 16,384 MiB installed.
    [Fact]
    public async Task Check_WhatOneOfTwoEnvironmentsMayFit_IsSentWithANote()
    {
        _account.Environments.Add(FakeAccount.EnvOf("larger", ["r6i.xlarge"]));
        _account.ChangeResources("larger", one => one with { MaxvCpus = 2 });
        _account.ChangeResources(FakeAccount.CpuEnv, one => one with { InstanceTypes = ["m6i.xlarge"] });
        _account.Change(FakeAccount.Cpu, _ => FakeAccount.QueueOf(FakeAccount.Cpu, "larger", FakeAccount.CpuEnv));

        Assert.Empty(await CheckAsync(Check(), Spec(0, 4, 16_200)));

        Assert.Contains("m6i.xlarge", Assert.Single(_notes), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Check_WithoutPermission_SaysSoOnceAndRefusesNothing()
    {
        _account.Denied.Add(Describe);
        HostCheck check = Check();

        Assert.Empty(await CheckAsync(check, Spec(8, null, null)));
        Assert.Empty(await CheckAsync(check, Spec(7, null, null)));

        Assert.Equal([$"Not checked whether queue {FakeAccount.Gpu} can host the job: {Describe} answered AccessDeniedException."], _notes);
        Assert.Single(_account.Calls, Describe);
    }

    [Fact]
    public async Task Launch_Misfit_SendsAndRegistersNothing()
    {
        var launcher = new Launcher(_account, TimeProvider.System) { Hosts = Check() };
        (JobSpec spec, LaunchPlan plan) = Planned(Spec(8, null, null) with { Changes = new DefinitionChanges(Image: "mine:1") });

        Result<Launched> launched = await launcher.LaunchAsync(spec, plan, Stop);

        Assert.Equal(["RF2065"], launched.Problems.Select(p => p.Code));
        Assert.Equal(["DescribeComputeEnvironments", "DescribeJobDefinitions", "DescribeJobQueues"], _account.Calls.Order());
    }

    // A sweep's jobs differ in their words mostly: the queue is asked about once, and each request that misfits is one problem.
    [Fact]
    public async Task CheckAsync_OfASweep_AsksOnceAQueueAndReportsEachRequestOnce()
    {
        var launcher = new Launcher(_account, TimeProvider.System) { Hosts = Check() };
        (JobSpec, LaunchPlan)[] jobs =
            [.. ((int[])[1, 8, 8, 0, 16, 8]).Select((gpus, at) => Planned(Spec(gpus, null, null) with { Name = "mine", Retries = at }))];

        IReadOnlyList<Problem> problems = await launcher.CheckAsync(jobs, Stop);

        Assert.Equal(2, problems.Count);
        Assert.Contains("has 8 GPUs", problems[0].Cause, StringComparison.Ordinal);
        Assert.Contains("has 16 GPUs", problems[1].Cause, StringComparison.Ordinal);
        Assert.Equal(2, _account.Calls.Count(call => call == Describe));
        Assert.Equal(2, _account.Calls.Count(call => call == "DescribeJobQueues"));
    }

    private async Task<IReadOnlyList<Problem>> CheckAsync(HostCheck check, JobSpec spec)
    {
        LaunchPlan plan = Planned(spec).Plan;
        CheckedTarget target = (await TargetCheck.CheckAsync(_account, spec, plan.Target, Stop)).Value;
        return await check.CheckAsync(spec, plan, target, Stop);
    }

    private static (JobSpec Spec, LaunchPlan Plan) Planned(JobSpec spec) =>
        (spec, LaunchPlanner.Plan(spec, TargetChooser.Choose(spec), new Submitter("ada", new("id"))).Value);

    private HostCheck Check() => new(_account, TimeProvider.System, InstanceCatalogue.Load(), PriceTable.Load(), _notes.Add);

    private static JobSpec Spec(int gpus, int? vcpus, int? memory) => Specs.Command() with
    {
        Queues = new(FakeAccount.Cpu, FakeAccount.Gpu, null),
        Definitions = new("refrag-cpu-job-def", "refrag-gpu-job-def", null),
        Requirements = new(new Gpus(gpus), vcpus is { } v ? new VCpus(v) : null, memory is { } m ? new MebiBytes(m) : null),
    };

    private sealed class KeyPlaces : SpecPlaces
    {
        public override Place? Of(string key) => new ArgumentPlace(key, 1, key.Length);
    }
}
