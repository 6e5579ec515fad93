using System.Globalization;
using System.Net;
using System.Text;
using Refrag.Traces;
using Refrag.WhatIf;

namespace Refrag.Cli.Commands.Simulate;

/// <summary>
/// A report as one file of HTML without a script: it asks for nothing, and whatever stands in a trace or in a world's name is text.
/// </summary>
internal static class HtmlReport
{
    private const string Head = """
        <!doctype html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
        <meta name="viewport" content="width=device-width">
        <title>What if</title>
        <style>
        :root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }
        body { max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
        table { border-collapse: collapse; width: 100%; }
        th, td { padding: .25rem .5rem; border-bottom: 1px solid #8886; text-align: right; }
        th:first-child, td:first-child, td:nth-child(2), th:nth-child(2) { text-align: left; }
        .scroll { overflow-x: auto; }
        .bar { height: 1rem; background: #37c; }
        .bars { display: grid; grid-template-columns: max-content 1fr max-content; gap: .25rem .75rem; align-items: center; }
        </style>
        </head>
        <body>

        """;

    private static readonly string[] s_columns =
        ["World", "Work", "Jobs", "Median wait", "90th percentile", "99th percentile", "Makespan", "Cost", "vCPUs used", "GPUs used"];

    public static void Write(
        Workload workload, IReadOnlyList<WorldResult> results, SimulationPlan plan, FoundSize? found, TextWriter text)
    {
        text.Write(Head);
        text.Write($"<h1>What if</h1>\n<p>{Text(workload.Source)}, {Number(workload.Jobs.Count)} jobs.</p>\n");
        if (found is not null)
        {
            text.Write($"<p>{Text(found.Setting.Name)} = {Number(found.VCpus)} is the smallest that keeps {Text(found.Figure.Name)} at "
                + $"{Text(found.Figure.Text(found.Target))} or below.</p>\n");
        }
        text.Write(TableOf(results));
        text.Write(Bars(found?.Tried ?? results, found?.Figure ?? plan.Plot));
        text.Write("<p>Waits last until the first start. The cost is that of whole instances from launch to end; of CPU and GPU work, "
            + "that of its shares of them. ± is half of the interval that holds the mean over the seeds with a confidence of 95 %.</p>\n");
        foreach (WorldResult result in results)
        {
            foreach (StuckJob stuck in result.Stuck)
                text.Write($"<p><strong>{Text(result.World.Name)}: {Text(stuck.Job)} never starts.</strong> {Text(stuck.Reason)}</p>\n");
        }
        text.Write("</body>\n</html>\n");
    }

    private static string TableOf(IReadOnlyList<WorldResult> results)
    {
        var table = new StringBuilder("<div class=\"scroll\"><table>\n<thead><tr>");
        foreach (string column in s_columns) table.Append(CultureInfo.InvariantCulture, $"<th scope=\"col\">{Text(column)}</th>");
        table.Append("</tr></thead>\n<tbody>\n");
        foreach (WorldResult result in results)
        {
            Row(table, result, "all", "", run => run.All);
            if (result.Runs[0] is not { Cpu.Jobs: > 0, Gpu.Jobs: > 0 }) continue;
            Row(table, result, "CPU", "cpu.", run => run.Cpu);
            Row(table, result, "GPU", "gpu.", run => run.Gpu);
        }
        return table.Append("</tbody>\n</table></div>\n").ToString();
    }

    private static void Row(StringBuilder table, WorldResult result, string work, string prefix, Func<RunResult, WorkResult> part)
    {
        bool isWhole = prefix.Length == 0;
        string Shown(string name) => result.TextOf(Figure.All.First(one => one.Name == name));
        Figure cost = Figure.All.First(one => one.Name == "cost");
        string[] cells =
        [
            result.World.Name, work, Number(part(result.Runs[0]).Jobs), Shown($"{prefix}wait.median"), Shown($"{prefix}wait.p90"),
            Shown($"{prefix}wait.p99"), isWhole ? Shown("makespan") : "",
            isWhole ? Shown("cost") : cost.Text(Interval.Of([.. result.Runs.Select(run => part(run).Usd)])?.Mean),
            isWhole ? Shown("use.vcpus") : "", isWhole ? Shown("use.gpus") : "",
        ];
        table.Append("<tr>");
        foreach (string cell in cells) table.Append(CultureInfo.InvariantCulture, $"<td>{Text(cell)}</td>");
        table.Append("</tr>\n");
    }

    private static string Bars(IReadOnlyList<WorldResult> results, Figure figure)
    {
        (string Name, double? Value)[] bars = [.. results.Select(result => (result.World.Name, result.Of(figure)?.Mean))];
        double most = bars.Select(bar => bar.Value ?? 0).Where(double.IsFinite).DefaultIfEmpty(0).Max();
        var html = new StringBuilder($"<h2>{Text(figure.Name)}</h2>\n<div class=\"bars\">\n");
        foreach ((string name, double? value) in bars)
        {
            double part = value is not { } known || most <= 0 ? 0 : double.IsInfinity(known) ? 100 : known / most * 100;
            html.Append(CultureInfo.InvariantCulture, $"<span>{Text(name)}</span><div class=\"bar\" style=\"width:{part:0.##}%\"></div>")
                .Append(CultureInfo.InvariantCulture, $"<span>{Text(figure.Text(value))}</span>\n");
        }
        return html.Append("</div>\n").ToString();
    }

    private static string Text(string text) => WebUtility.HtmlEncode(text);

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);
}
