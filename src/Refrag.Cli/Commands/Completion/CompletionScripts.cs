namespace Refrag.Cli.Commands.Completion;

/// <summary>
/// What a shell needs to ask refrag. Each script starts the refrag that stands on the command line, and no other process.
/// </summary>
internal static class CompletionScripts
{
    /// <summary>The shells, in the order in which help names them.</summary>
    public static IReadOnlyList<string> Shells { get; } = ["bash", "zsh", "fish"];

    public static string Of(string shell) => shell switch
    {
        "bash" => Bash,
        "zsh" => Zsh,
        _ => Fish,
    };

    // bash cuts words at = and : as well. They are put together again by the line, and of the answer only what stands behind the cut is
    // given back.
    private const string Bash = """
        # refrag's completion for bash: source <(refrag completion bash)
        _refrag() {
          local rest=${COMP_LINE:0:COMP_POINT} words=() word i cut found
          for ((i = 0; i <= COMP_CWORD; i++)); do
            word=${COMP_WORDS[i]}
            if [[ $rest == [[:space:]]* || $i -eq 0 ]]; then
              rest=${rest#"${rest%%[![:space:]]*}"}
              words+=('')
            fi
            ((i == COMP_CWORD)) && word=$rest
            words[${#words[@]} - 1]+=$word
            rest=${rest#"$word"}
          done
          word=${words[${#words[@]} - 1]}
          cut=${word%"${word##*["$COMP_WORDBREAKS"]}"}
          COMPREPLY=()
          while IFS= read -r found; do
            found=${found#"$cut"}
            [[ $found == *[=./] ]] && compopt -o nospace 2>/dev/null
            printf -v found %q "$found"
            COMPREPLY+=("$found")
          done < <("${words[0]/#\~\//$HOME/}" complete -- "${words[@]:1}" 2>/dev/null)
        }
        complete -o nosort -F _refrag refrag
        """;

    private const string Zsh = """
        #compdef refrag
        # refrag's completion for zsh: source <(refrag completion zsh), after compinit.
        _refrag() {
          local -a found
          found=("${(@f)$(${~words[1]} complete -- "${(@Q)words[2,CURRENT-1]}" "${(Q)PREFIX}" 2>/dev/null)}")
          found=(${found:#})
          compadd -S '' -- ${(M)found:#*[=./]}
          compadd -- ${found:#*[=./]}
        }
        compdef _refrag refrag
        """;

    // fish itself adds no space behind = . and /.
    private const string Fish = """
        # refrag's completion for fish: refrag completion fish | source
        function __refrag_complete
          set -l words (commandline -opc)
          set -l program $words[1]
          set -e words[1]
          $program complete -- $words (commandline -ct | string collect --allow-empty) 2>/dev/null
        end
        complete -c refrag -f -a '(__refrag_complete)'
        """;
}
