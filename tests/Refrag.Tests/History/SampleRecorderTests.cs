using Microsoft.Extensions.Time.Testing;
using Refrag.Aws;
using Refrag.Aws.Batch;
using Refrag.Aws.Ec2;
using Refrag.Aws.Ecs;
using Refrag.History;
using Refrag.Monitoring;

namespace Refrag.Tests.History;

public sealed class SampleRecorderTests : IDisposable
{
    private const string Queue = "arn:aws:batch:us-east-1:123456789012:job-queue/cpu";
    private static readonly JobPlace s_place = new(JobPlace.Aws, "123456789012", "us-east-1");

    private readonly TemporaryFolder _folder = new();
    private readonly List<Problem> _problems = [];
    private readonly FakeTimeProvider _time = new(FakeAccount.Now);
    private readonly HistoryStore _store;
    private readonly FakeCluster _aws = new();

    public SampleRecorderTests() => _store = HistoryStore.Open(Path.Combine(_folder.Path, "history.db"), _time, _problems.Add);

    // Two instances of 4 vCPUs, on which tasks have reserved 1.5 and 0, and one of 8 with two GPUs, both reserved.
    [Fact]
    public async Task See_AFleet_CountsItsInstancesAndWhatIsReserved()
    {
        _aws.Add("m6i.xlarge", "us-east-1a", 4, 2.5);
        _aws.Add("m6i.xlarge", "us-east-1a", 4, 4);
        _aws.Add("g5.2xlarge", "us-east-1b", 8, 0, gpus: 2, gpusLeft: 0);

        await Recorder().SeeAsync(Activity(), Token);

        HistoryReader reader = new(_store);
        SeenFleet fleet = Assert.Single(reader.FleetSamples(s_place, HistorySpan.Always));
        Assert.Equal((16, 9.5, 2, 2),
            (fleet.Sample.Hosts!.VCpus, fleet.Sample.Hosts.BusyVCpus, fleet.Sample.Hosts.Gpus, fleet.Sample.Hosts.BusyGpus));
        Assert.Equal(
            [new InstanceCount("g5.2xlarge", "us-east-1b", "spot", 1), new InstanceCount("m6i.xlarge", "us-east-1a", "spot", 2)],
            fleet.Sample.Hosts.Instances);
        Assert.Equal((4, 16, 64), (fleet.Sample.MinVCpus, fleet.Sample.DesiredVCpus, fleet.Sample.MaxVCpus));
        Assert.Equal(
            [("g5.2xlarge", "", 1.2m), ("g5.2xlarge", "us-east-1b", 0.4m), ("m6i.xlarge", "us-east-1a", 0.07m)],
            reader.Prices(s_place, HistorySpan.Always).Select(one => (one.Price.Type, one.Price.Zone, one.Price.Usd)));
        SeenQueue queue = Assert.Single(reader.QueueSamples(s_place, HistorySpan.Always));
        Assert.Equal((7, 2), (queue.Sample.Runnable, queue.Sample.Running));
        Assert.Empty(_problems);
    }

    [Fact]
    public async Task See_AgainWithinTheHour_AsksForNoPriceTwice()
    {
        _aws.Add("m6i.xlarge", "us-east-1a", 4, 4);
        SampleRecorder recorder = Recorder();
        for (int minute = 0; minute < 60; minute += 10)
        {
            await recorder.SeeAsync(Activity(), Token);
            _time.Advance(TimeSpan.FromMinutes(10));
        }
        int asked = _aws.Prices;
        await recorder.SeeAsync(Activity(), Token);

        Assert.Equal((1, 2), (asked, _aws.Prices));
    }

    [Fact]
    public async Task See_WhatIsRefused_IsOneProblemAndTheQueueIsKept()
    {
        _aws.Refuses = true;
        SampleRecorder recorder = Recorder();
        await recorder.SeeAsync(Activity(), Token);
        _time.Advance(TimeSpan.FromMinutes(1));
        await recorder.SeeAsync(Activity(), Token);

        Problem problem = Assert.Single(_problems);
        Assert.Equal("RF8102", problem.Code);
        Assert.Contains("ecs:ListContainerInstances", problem.What, StringComparison.Ordinal);
        HistoryReader reader = new(_store);
        Assert.Equal(2, reader.QueueSamples(s_place, HistorySpan.Always).Count);
        Assert.All(reader.FleetSamples(s_place, HistorySpan.Always), one => Assert.Null(one.Sample.Hosts));
    }

    // 30 requests at 60 a minute are half a minute; the pace is longer at first.
    [Fact]
    public async Task Pause_AfterARound_IsAsLongAsItsRequestsNeed()
    {
        RequestBudget budget = new(60);
        IAwsTransport counted = budget.Over(_aws);
        TimeSpan idle = budget.Pause(TimeSpan.FromSeconds(20));
        for (int i = 0; i < 30; i++)
            await counted.SendAsync(EcsOperations.ListContainerInstances, new ListContainerInstancesRequest { Cluster = "c" }, Token);
        TimeSpan busy = budget.Pause(TimeSpan.FromSeconds(20));
        TimeSpan after = budget.Pause(TimeSpan.FromSeconds(20));

        Assert.Equal((20, 30, 20), (idle.TotalSeconds, busy.TotalSeconds, after.TotalSeconds));
        Assert.Equal(30, budget.Sent);
    }

    public void Dispose()
    {
        _store.Dispose();
        _folder.Dispose();
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private SampleRecorder Recorder() => new(
        _aws, JobPlace.Aws, _store, _time, _problems.Add,
        (type, region) => (type, region) == ("g5.2xlarge", "us-east-1") ? 1.2m : null);

    private Activity Activity()
    {
        ComputeEnvironmentDetail detail = new()
        {
            ComputeEnvironmentName = "fleet",
            ComputeEnvironmentArn = "arn:aws:batch:us-east-1:123456789012:compute-environment/fleet",
            EcsClusterArn = "arn:aws:ecs:us-east-1:123456789012:cluster/fleet",
            State = CEState.Enabled,
            ComputeResources = new ComputeResource
            {
                Type = CRType.Spot,
                MinvCpus = 4,
                DesiredvCpus = 16,
                MaxvCpus = 64,
                Subnets = [],
            },
        };
        QueueEnvironment environment = new("fleet", 1, detail);
        JobQueueDetail queue = new()
        {
            JobQueueName = "cpu",
            JobQueueArn = Queue,
            State = JQState.Enabled,
            Priority = 1,
            ComputeEnvironmentOrder = [new ComputeEnvironmentOrder { Order = 1, ComputeEnvironment = "fleet" }],
        };
        Dictionary<string, int> jobs = new(StringComparer.Ordinal) { [JobStatus.Runnable] = 7, [JobStatus.Running] = 2 };
        return new Activity(_time.GetUtcNow(), [new QueueStatus(queue, [environment], jobs, null)], [environment], [], false, null);
    }

    /// <summary>One cluster, with the answers of ECS and EC2.</summary>
    private sealed class FakeCluster : IAwsTransport
    {
        private readonly List<ContainerInstance> _hosts = [];

        public bool Refuses { get; set; }

        public int Prices { get; private set; }

        public void Add(string type, string zone, int vCpus, double left, int gpus = 0, int gpusLeft = 0) => _hosts.Add(new()
        {
            ContainerInstanceArn = $"arn:aws:ecs:us-east-1:123456789012:container-instance/fleet/{_hosts.Count}",
            RegisteredResources = [Number(vCpus), Set(gpus)],
            RemainingResources = [Number(left), Set(gpusLeft)],
            Attributes = [new() { Name = "ecs.instance-type", Value = type }, new() { Name = "ecs.availability-zone", Value = zone }],
        });

        public Task<TResponse> SendAsync<TRequest, TResponse>(
            AwsOperation<TRequest, TResponse> operation, TRequest request, CancellationToken cancellationToken)
            where TRequest : class
            where TResponse : class => Refuses
                ? Task.FromException<TResponse>(operation.Failure(
                    new AwsError("AccessDeniedException", "not authorized", System.Net.HttpStatusCode.Forbidden)))
                : Task.FromResult((TResponse)Answer(request));

        private object Answer(object request)
        {
            switch (request)
            {
                case ListContainerInstancesRequest:
                    return new ListContainerInstancesResponse
                    {
                        ContainerInstanceArns = [.. _hosts.Select(one => one.ContainerInstanceArn!)],
                    };
                case DescribeContainerInstancesRequest asked:
                    return new DescribeContainerInstancesResponse
                    {
                        ContainerInstances = [.. _hosts.Where(one => asked.ContainerInstances.Contains(one.ContainerInstanceArn!))],
                    };
                case DescribeSpotPriceHistoryRequest prices:
                    Prices++;
                    return new DescribeSpotPriceHistoryResponse
                    {
                        Prices = [.. prices.Types.Select(type => new SpotPriceInfo(type, prices.Zone!, type[0] == 'g' ? 0.4m : 0.07m))],
                    };
                default: throw new NotSupportedException(request.GetType().Name);
            }
        }

        private static Resource Number(double vCpus) => new() { Name = "CPU", Type = "INTEGER", IntegerValue = (int)(vCpus * 1024) };

        private static Resource Set(int gpus) =>
            new() { Name = "GPU", Type = "STRINGSET", StringSetValue = [.. Enumerable.Range(0, gpus).Select(i => $"GPU-{i}")] };
    }
}
