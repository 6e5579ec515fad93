using Refrag.Engine.Jobs;

namespace Refrag.Engine.Placement;

/// <summary>What is to happen with the job at the head of the queues.</summary>
internal enum AdmissionAnswer
{
    /// <summary>It starts.</summary>
    Start,

    /// <summary>It asks for more than this machine has, and starts because nothing else runs.</summary>
    StartAlone,

    /// <summary>It waits, and so do those behind it: otherwise small jobs would keep a large one out forever.</summary>
    Wait,

    /// <summary>It waits for GPUs only; jobs behind it may start.</summary>
    WaitForGpus,
}

/// <summary>Whether a job may start on the one host there is.</summary>
internal static class Admission
{
    /// <summary>
    /// Decides. A job that asks for more vCPUs or memory than the machine has still runs, alone: on Batch it would get a larger machine,
    /// and the machine at hand is most often a laptop on which the user tries the job. GPUs are never overcommitted.
    /// </summary>
    public static AdmissionAnswer Decide(Demand capacity, Demand used, bool idle, Demand wanted)
    {
        if (wanted.Gpus.Value + used.Gpus.Value > capacity.Gpus.Value) return AdmissionAnswer.WaitForGpus;
        if (wanted.FitsBeside(capacity, used)) return AdmissionAnswer.Start;
        return idle ? AdmissionAnswer.StartAlone : AdmissionAnswer.Wait;
    }
}
