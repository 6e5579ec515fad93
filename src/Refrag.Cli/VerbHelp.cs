using System.CommandLine;
using System.CommandLine.Invocation;
using Refrag.Cli.Context;

namespace Refrag.Cli;

/// <summary>Help: of refrag all commands by what they are for, of a command its usual help. Both end with examples.</summary>
internal sealed class VerbHelp(CliContext context, SynchronousCommandLineAction usual) : SynchronousCommandLineAction
{
    private const string Documents = "Guides and reference: docs/README.md in refrag's repository.";

    // Every command is in one of them; a test compares.
    private static readonly (string Title, string[] Verbs)[] s_groups =
    [
        ("Run", ["run", "init", "submit", "exec"]),
        ("Configure", ["config"]),
        ("See", ["jobs", "job", "logs", "wait", "shell", "outputs", "pull", "sweep", "top", "dashboard", "queues", "envs",
            "history"]),
        ("Explain", ["why", "doctor", "fit", "offers"]),
        ("End and repeat", ["cancel", "terminate", "retry", "react"]),
        ("Costs", ["cost", "budget", "simulate", "catalog"]),
        ("Queues", ["infra", "scale", "serve"]),
        ("Shell", ["completion", "help"]),
    ];

    private static readonly Dictionary<string, string[]> s_examples = new(StringComparer.Ordinal)
    {
        ["refrag"] =
        [
            "refrag run -- python train.py --lr 0.1              your command, on this machine",
            "refrag run -m -- python train.py --lr=0.1,0.01      a sweep: two jobs",
            "refrag run env=awsbatch env.gpus=1 -- python train.py",
            "refrag serve --fleet                                rehearse queues without an account",
            "refrag why JOB                                      why a job waits or failed",
        ],
        ["refrag run"] =
        [
            "refrag run app=hello_dist nodes=4",
            "refrag run -- python train.py --lr 0.1",
            "refrag run env=awsbatch env.gpus=1 --watch -- python train.py",
            "refrag run -m env=awsbatch -- python train.py --lr=0.1,0.01 --seed=1,2",
            "refrag run app=train env=awsbatch env.gpus=1 --dry-run",
        ],
        ["refrag init"] = ["refrag init", "refrag init -- python train.py --lr 0.1 --seed 1"],
        ["refrag exec"] = ["refrag exec hello_dist '{\"message\":\"hi\"}'", "refrag exec -- python train.py"],
        ["refrag config explain"] = ["refrag config explain env.gpus app=train env=awsbatch"],
        ["refrag config show"] = ["refrag config show app=train env=awsbatch --package env"],
        ["refrag config check"] = ["refrag config check -m app=train lr=0.1,0.01"],
        ["refrag config groups"] = ["refrag config groups env"],
        ["refrag completion"] = ["source <(refrag completion bash)"],
        ["refrag jobs"] = ["refrag jobs", "refrag jobs --status FAILED --since 1d", "refrag jobs 'train*' --json"],
        ["refrag job"] = ["refrag job JOB"],
        ["refrag logs"] = ["refrag logs JOB -f"],
        ["refrag outputs"] = ["refrag outputs JOB"],
        ["refrag pull"] = ["refrag pull JOB", "refrag pull JOB --to results --watch"],
        ["refrag sweep show"] = ["refrag sweep show sweep.jsonl --sort loss", "refrag sweep show sweep.jsonl --sort=-accuracy --csv"],
        ["refrag shell"] = ["refrag shell JOB", "refrag shell JOB:3 -- nvidia-smi"],
        ["refrag dashboard"] = ["refrag dashboard env=awsbatch", "refrag dashboard env=awsbatch --read-only"],
        ["refrag wait"] = ["refrag wait JOB", "refrag wait JOB OTHER --timeout 8h --notify https://hooks.example.com/T0/B0"],
        ["refrag why"] = ["refrag why JOB"],
        ["refrag serve"] = ["refrag serve --fleet --runner process", "eval \"$(refrag serve --print-env)\""],
        ["refrag infra"] = ["refrag infra init my-stack", "refrag infra plan -C my-stack --region eu-west-1"],
    };

    public override bool ClearsParseErrors => true;

    /// <summary>A command's whole name, as <c>refrag config show</c>.</summary>
    public static string NameOf(Command verb) =>
        verb is RootCommand || verb.Parents.OfType<Command>().FirstOrDefault() is not { } above ? "refrag" : $"{NameOf(above)} {verb.Name}";

    public override int Invoke(ParseResult parseResult)
    {
        Command verb = parseResult.CommandResult.Command;
        int exit = ExitCodes.Success;
        if (verb is RootCommand root) PrintAll(root);
        else exit = usual.Invoke(parseResult);
        if (s_examples.TryGetValue(NameOf(verb), out string[]? examples))
        {
            context.Terminal.Output("Examples:");
            foreach (string example in examples) context.Terminal.Output($"  {example}");
            context.Terminal.Output("");
        }
        context.Terminal.Output(Documents);
        return exit;
    }

    private void PrintAll(RootCommand root)
    {
        context.Terminal.Output($"{root.Description}\n\nUsage:\n  refrag COMMAND [options]\n  refrag COMMAND --help\n");
        foreach ((string title, string[] verbs) in s_groups)
        {
            context.Terminal.Output($"{title}:");
            foreach (Command verb in verbs.Select(name => root.Subcommands.Single(one => one.Name == name)))
                context.Terminal.Output($"  {verb.Name,-12}{verb.Description?.Split('\n')[0].TrimEnd(':')}");
        }
        context.Terminal.Output("");
    }
}
