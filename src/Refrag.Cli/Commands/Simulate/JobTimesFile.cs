using System.Globalization;
using Refrag.Traces;
using Refrag.WhatIf;

namespace Refrag.Cli.Commands.Simulate;

/// <summary>The times of each job of a simulation, as CSV in the order of the trace.</summary>
internal static class JobTimesFile
{
    public static void Write(Workload workload, List<JobTimes> times, TextWriter text)
    {
        text.Write("job_id,queue,share,gpus,submit_s,start_s,end_s,attempts,succeeded\n");
        foreach (JobTimes one in times.OrderBy(one => one.Index))
        {
            TraceJob job = workload.Jobs[one.Index];
            string[] cells =
            [
                TraceWriter.Cell(job.Id ?? (one.Index + 1).ToString(CultureInfo.InvariantCulture)), TraceWriter.Cell(job.Queue),
                TraceWriter.Cell(job.Share), (job.Gpus * job.Nodes).ToString(CultureInfo.InvariantCulture),
                TraceWriter.Seconds(one.SubmittedAt), one.StartedAt < 0 ? "" : TraceWriter.Seconds(one.StartedAt),
                TraceWriter.Seconds(one.EndedAt), one.Attempts.ToString(CultureInfo.InvariantCulture),
                one.HasSucceeded ? "true" : "false",
            ];
            text.Write(string.Join(',', cells));
            text.Write('\n');
        }
    }
}
