namespace Refrag.Cli.Following;

/// <summary>
/// Where a notification goes. Its name is what may be printed of it: a URL is often a secret, and so are words of a command.
/// </summary>
/// <param name="Name">What may be printed.</param>
internal abstract record NotifyTarget(string Name)
{
    /// <summary>A URL that is sent JSON.</summary>
    /// <param name="Url">The URL.</param>
    internal sealed record Hook(Uri Url) : NotifyTarget($"{Url.Scheme}://{Url.Authority}/…")
    {
        /// <inheritdoc/>
        public override string ToString() => Name;
    }

    /// <summary>A line that a shell runs.</summary>
    /// <param name="Line">The line.</param>
    internal sealed record Shell(string Line) : NotifyTarget($"the command {Line.Split(' ', 2)[0]} …")
    {
        /// <inheritdoc/>
        public override string ToString() => Name;
    }
}
