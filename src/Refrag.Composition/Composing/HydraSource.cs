namespace Refrag.Composition.Composing;

/// <summary>
/// Hydra's own part of a configuration, <c>hydra.*</c>, for trees that were written for Hydra and set or read it. What of it starts
/// processes in Python (launchers, sweepers, logging) has its keys here and no effect.
/// </summary>
internal static class HydraSource
{
    public const string Name = "hydra";

    public static SearchSource Instance { get; } = new MemorySource(Name, Files) { IsBuiltIn = true };

    // More files than any configuration has: the rest of a folder is something else.
    private const int MostFiles = 2000;

    /// <summary>Whether a file of the search path says <c>hydra</c>.</summary>
    public static bool IsUsedIn(SearchPath path)
    {
        int left = MostFiles;
        foreach (SearchSource source in path.Sources)
        {
            if (IsUsedIn(source, "", ref left)) return true;
        }
        return false;
    }

    /// <summary>Whether a text says <c>hydra</c>.</summary>
    public static bool IsNamedIn(string text) => text.Contains(Name, StringComparison.Ordinal);

    private static bool IsUsedIn(SearchSource source, string group, ref int left)
    {
        foreach (SourceEntry entry in source.List(group) ?? [])
        {
            string path = group.Length == 0 ? entry.Name : $"{group}/{entry.Name}";
            if (left-- <= 0) return false;
            bool isUsed = entry.Kind switch
            {
                SourceEntryKind.Group => IsUsedIn(source, path, ref left),
                SourceEntryKind.File => path.EndsWith(".yaml", StringComparison.Ordinal) && IsNamedIn(source.Read(path).Text ?? ""),
                _ => false,
            };
            if (isUsed) return true;
        }
        return false;
    }

    private static Dictionary<string, string> Files => new(StringComparer.Ordinal)
    {
        ["hydra/config.yaml"] = Config,
        ["hydra/_schema/config.yaml"] = Schema,
        ["hydra/output/default.yaml"] = Output,
        ["hydra/help/default.yaml"] = "app_name: ${hydra.job.name}\nheader: ''\nfooter: ''\ntemplate: $CONFIG\n",
        ["hydra/hydra_help/default.yaml"] = "hydra_help: ???\ntemplate: $HYDRA_CONFIG_GROUPS\n",
        ["hydra/launcher/basic.yaml"] = "_target_: hydra._internal.core_plugins.basic_launcher.BasicLauncher\n",
        ["hydra/sweeper/basic.yaml"] =
            "_target_: hydra._internal.core_plugins.basic_sweeper.BasicSweeper\nmax_batch_size: null\nparams: null\n",
        ["hydra/env/default.yaml"] = "{}\n",
        ["hydra/hydra_logging/default.yaml"] = Logging("HYDRA"),
        ["hydra/hydra_logging/hydra_debug.yaml"] = Logging("HYDRA"),
        ["hydra/hydra_logging/none.yaml"] = NoLogging,
        ["hydra/hydra_logging/disabled.yaml"] = NoLogging,
        ["hydra/job_logging/default.yaml"] = Logging("%(asctime)s"),
        ["hydra/job_logging/stdout.yaml"] = Logging("%(asctime)s"),
        ["hydra/job_logging/none.yaml"] = NoLogging,
        ["hydra/job_logging/disabled.yaml"] = NoLogging,
    };

    private const string Config = """
        defaults:
          - output: default
          - launcher: basic
          - sweeper: basic
          - help: default
          - hydra_help: default
          - hydra_logging: default
          - job_logging: default
          - callbacks: null
          - env: default
          - _self_
        mode: null
        searchpath: []
        callbacks: {}
        output_subdir: .hydra
        overrides:
          hydra: []
          task: []
        job:
          name: ???
          chdir: false
          override_dirname: ???
          id: ???
          num: ???
          config_name: ???
          env_set: {}
          env_copy: []
          config:
            override_dirname:
              kv_sep: '='
              item_sep: ','
              exclude_keys: []
        runtime:
          version: ???
          version_base: ???
          cwd: ???
          config_sources: ???
          output_dir: ???
          choices: {}
        verbose: false
        """;

    private const string Schema = """
        keys:
          mode: {type: string, nullable: true, enum: [RUN, MULTIRUN]}
          searchpath: {type: list, items: string}
          run:
            type: mapping
            keys: {dir: string}
          sweep:
            type: mapping
            keys: {dir: string, subdir: string}
          hydra_logging: mapping
          job_logging: mapping
          callbacks: mapping
          help: mapping
          hydra_help: mapping
          env: mapping
          output_subdir: {type: string, nullable: true}
          job:
            type: mapping
            keys:
              name: string
              chdir: {type: bool, nullable: true}
              override_dirname: string
              id: string
              num: int
              config_name: {type: string, nullable: true}
              env_set: mapping
              env_copy: {type: list, items: string}
        """;

    private const string Output = """
        # @package hydra
        run:
          dir: outputs/${now:%Y-%m-%d}/${now:%H-%M-%S}
        sweep:
          dir: multirun/${now:%Y-%m-%d}/${now:%H-%M-%S}
          subdir: ${hydra.job.num}
        """;

    private const string NoLogging = """
        version: 1
        root: null
        disable_existing_loggers: false
        """;

    private static string Logging(string mark) => $$"""
        version: 1
        formatters:
          simple:
            format: '[{{mark}}] %(message)s'
        handlers:
          console:
            class: logging.StreamHandler
            formatter: simple
            stream: ext://sys.stdout
        root:
          level: INFO
          handlers: [console]
        disable_existing_loggers: false
        """;
}
