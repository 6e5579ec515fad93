using Refrag.Jobs;

namespace Refrag.Tests.Jobs;

public sealed class CapacityReaderTests
{
    private static readonly JobSpec s_spec = Specs.Command() with
    {
        Capacity = new CapacityChoice { OnDemand = new("on-demand", null), High = new("high", null) },
    };

    [Fact]
    public void Contradictions_WhatCanBeHad_AreNone() => Assert.All(
        (JobSpec[])
        [
            s_spec, With(SpotUse.First), With(SpotUse.Only) with { ArraySize = 3 }, With(SpotUse.Never),
            With(PriorityClass.High), With(PriorityClass.Normal),
            With(PriorityClass.Low) with { ShareIdentifier = "ann" },
            // The queue of several nodes is on demand by itself.
            With(SpotUse.Never) with { Nodes = 2, Queues = s_spec.Queues with { Distributed = "nodes" } },
        ],
        spec => Assert.Empty(CapacityReader.Contradictions(spec)));

    [Fact]
    public void Contradictions_SpotThatCannotBeHad_SayWhyAndWhatHelps()
    {
        (JobSpec Spec, string Code, string What)[] cases =
        [
            (With(SpotUse.First) with { Requirements = new(new Gpus(1), null, null) }, "RF8135",
                "env.spot=first needs an on-demand queue, and env.gpu_on_demand_job_queue names none"),
            (With(SpotUse.Never) with { Requirements = new(new Gpus(1), null, null) }, "RF8135",
                "env.spot=never needs an on-demand queue, and env.gpu_on_demand_job_queue names none"),
            (With(SpotUse.First) with { Nodes = 2 }, "RF8136",
                "env.spot=first cannot be had: nodes=2 asks for a multi-node job, which never runs on Spot"),
            (With(SpotUse.First) with { ArraySize = 2 }, "RF8136",
                "env.spot=first cannot be had: array_size=2 asks for an array, and Batch submits no child of an array again alone"),
            (With(SpotUse.Never) with { Queues = s_spec.Queues with { Manual = "mine" } }, "RF8136",
                "env.spot=never cannot be had: env.job_queue=mine names the queue"),
            (With(SpotUse.First) with { Queues = s_spec.Queues with { Manual = "on-demand" } }, "RF8136",
                "env.spot=first cannot be had: env.job_queue=on-demand is the on-demand queue itself"),
            (s_spec with { Capacity = s_spec.Capacity with { SpotAttempts = 2 } }, "RF8136",
                "env.spot_attempts=2 has no effect without env.spot=first or env.spot=only"),
            (s_spec with { Capacity = s_spec.Capacity with { Claims = "/claims" } }, "RF8134",
                "env.claims=/claims is not a store that refrag knows"),
        ];
        Assert.All(cases, one => Assert.Equal(
            (one.Code, one.What), Assert.Single(CapacityReader.Contradictions(one.Spec).Select(problem => (problem.Code, problem.What)))));
    }

    [Fact]
    public void Contradictions_PriorityThatNothingStandsFor_SayWhyAndWhatHelps()
    {
        (JobSpec Spec, string What)[] cases =
        [
            (With(PriorityClass.Low), "env.priority_class=low needs a queue for such work, and env.cpu_low_job_queue names none"),
            (With(PriorityClass.High) with { Queues = s_spec.Queues with { Manual = "mine" } },
                "env.priority_class=high chooses a queue, and env.job_queue=mine names another"),
            (With(PriorityClass.High) with { Nodes = 2, Queues = s_spec.Queues with { Distributed = "nodes" } },
                "env.priority_class=high has no queue for jobs that are on demand or of several nodes"),
            (With(PriorityClass.High) with { ShareIdentifier = "ann", Priority = 5 },
                "env.priority=5 and env.priority_class=high say the same thing twice"),
        ];
        Assert.All(cases, one => Assert.Equal(
            ("RF8137", one.What), Assert.Single(CapacityReader.Contradictions(one.Spec).Select(problem => (problem.Code, problem.What)))));
    }

    private static JobSpec With(SpotUse spot) => s_spec with { Capacity = s_spec.Capacity with { Spot = spot } };

    private static JobSpec With(PriorityClass priority) => s_spec with { Capacity = s_spec.Capacity with { Priority = priority } };
}
