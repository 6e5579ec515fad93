namespace Refrag.Dashboard.Access;

/// <summary>A browser that was let in.</summary>
/// <param name="Id">What its cookie says.</param>
/// <param name="Csrf">What its writes must name, which no other page can read.</param>
internal sealed record PageSession(string Id, string Csrf);
