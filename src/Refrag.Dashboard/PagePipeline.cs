using System.Text.Json;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http;
using Refrag.Aws;
using Refrag.Dashboard.Access;
using Refrag.Dashboard.Problems;
using Refrag.Server.Failures;

namespace Refrag.Dashboard;

/// <summary>The way of every request: headers, host and origin, token or cookie, route, answer.</summary>
/// <param name="routes">Answers what was let through.</param>
/// <param name="guard">Lets it through.</param>
/// <param name="sessions">Who was let in.</param>
/// <param name="announce">Shows the next address, after one was used.</param>
/// <param name="log">Gets a line about each fault of the server's own.</param>
internal sealed class PagePipeline(PageRoutes routes, PageGuard guard, PageSessions sessions, Action announce, Action<string> log)
{
    /// <summary>The name of the token in the address.</summary>
    public const string TokenParameter = "token";

    /// <summary>Answers a request, whatever it is.</summary>
    public async Task HandleAsync(HttpContext context)
    {
        PageHeaders.Set(context.Response);
        try
        {
            await AnswerAsync(context);
        }
        catch (Exception e) when (e is ConnectionAbortedException or ConnectionResetException or OperationCanceledException)
        {
            // The page is gone, or the server stops.
        }
        catch (Exception e) when (ProblemsOf(e) is { } refused)
        {
            if (context.Response.HasStarted) context.Abort();
            else await RefuseAsync(context, refused.Status, refused.Problems);
        }
        catch (Exception e)
        {
            log($"{context.Request.Method} {context.Request.Path}: {e}");
            if (context.Response.HasStarted) context.Abort();
            else context.Response.StatusCode = StatusCodes.Status500InternalServerError;
        }
    }

    private async Task AnswerAsync(HttpContext context)
    {
        HttpRequest request = context.Request;
        guard.CheckOrigin(request);
        if (request.Path == "/" && request.Method == HttpMethods.Get && request.Query[TokenParameter] is [{ } token])
        {
            Enter(context, token);
            return;
        }
        PageSession session = guard.CheckSession(request);
        if (request.Method == HttpMethods.Get) await routes.GetAsync(context, session);
        else if (request.Method == HttpMethods.Post)
        {
            PageGuard.CheckWrite(request, session);
            await routes.PostAsync(context);
        }
        else context.Response.StatusCode = StatusCodes.Status405MethodNotAllowed;
    }

    // The token leaves the address at once, before anything else is loaded.
    private void Enter(HttpContext context, string token)
    {
        PageSession? known = sessions.Find(context.Request.Cookies[guard.CookieName]);
        if (sessions.Redeem(token, known) is { } session)
        {
            if (session != known) guard.Admit(context.Response, session);
            announce();
        }
        else if (known is null)
        {
            throw new PageRefusal(StatusCodes.Status401Unauthorized, DashboardProblems.NoSession);
        }
        context.Response.StatusCode = StatusCodes.Status303SeeOther;
        context.Response.Headers.Location = "/";
    }

    private static (int Status, IReadOnlyList<Problem> Problems)? ProblemsOf(Exception exception) => exception switch
    {
        PageRefusal refusal => (refusal.Status, refusal.Problems),
        InvalidRequestException invalid => (StatusCodes.Status400BadRequest, invalid.Problems),
        AwsException failure => (StatusCodes.Status502BadGateway, [failure.Problem]),
        ServiceFault fault => ((int)fault.Status, [DashboardProblems.NotUnderstood(fault.Message.TrimEnd('.'))]),
        BadHttpRequestException bad => (bad.StatusCode, [DashboardProblems.NotUnderstood(bad.Message)]),
        _ => null,
    };

    // A person in a browser gets a page of text; the page's script gets JSON.
    private static async Task RefuseAsync(HttpContext context, int status, IReadOnlyList<Problem> problems)
    {
        context.Response.StatusCode = status;
        if (context.Request.Path.StartsWithSegments("/api", StringComparison.Ordinal))
        {
            context.Response.ContentType = "application/json";
            PageProblem[] shown = [.. problems.Select(PageProblem.Of)];
            await context.Response.Body.WriteAsync(
                JsonSerializer.SerializeToUtf8Bytes(shown, ProblemJson.Default.IReadOnlyListPageProblem), context.RequestAborted);
            return;
        }
        context.Response.ContentType = "text/plain; charset=utf-8";
        await context.Response.WriteAsync(ProblemText.Render(problems), context.RequestAborted);
    }
}
