using System.Net;
using System.Text.Json.Nodes;

namespace Refrag.Acceptance.Tests.Served;

/// <summary>
/// The program reads answers with values of enumerations that are newer than it: a proxy puts one into every member in turn, and no
/// command fails where it did not before.
/// </summary>
public sealed class UnknownValueTests(UnknownValueTests.Server server) : IClassFixture<UnknownValueTests.Server>
{
    public static TheoryData<string> Commands =>
        ["jobs", "job JOB", "why JOB", "logs JOB", "queues", "envs", "doctor", "cost report JOB", "fit JOB"];

    [Theory]
    [MemberData(nameof(Commands))]
    public async Task Command_WithEachEnumerationMemberOfItsAnswersUnknown_EndsAsBefore(string command)
    {
        await using AnswerProxy proxy = new(server.Url);
        string job = await server.JobAsync();
        BuiltProgram client = (await server.ClientAsync()) with { WorkingDirectory = Repository.Root };
        string[] words =
            [.. command.Replace("JOB", job, StringComparison.Ordinal).Split(' '), "env=awsbatch", $"env.endpoint_url={proxy.Url}"];
        Finished usual = await client.RunAsync(words);
        string[] members = [.. proxy.Members];
        Assert.NotEmpty(members);

        foreach (string member in members)
        {
            proxy.Changed = member;
            Finished run = await client.RunAsync(words);
            // A status that is not known may be a job that has not ended (66: nothing to do); a bug is 70.
            Assert.True(run.ExitCode == usual.ExitCode || run.ExitCode is 66 or 1, $"{member}: {run}");
            Assert.DoesNotContain("bug", run.Error, StringComparison.Ordinal);
        }
    }

    /// <summary>A server with fleets and one job that waits.</summary>
    public sealed class Server : ServedBatch
    {
        private string? _job;

        protected override string[] Options => ["--runner", "simulated", "--fleet", "--instance-start", "2h", "--allow-any-credentials"];

        public async Task<string> JobAsync() => _job ??= (string)(await PythonAsync("""
            job = submit("job", define("work", ["true"]))
            wait(job, statuses=("RUNNABLE",))
            print(json.dumps(job))
            """))!;
    }

    // Passes everything on, and changes one member of the answers of Batch.
    private sealed class AnswerProxy : IAsyncDisposable
    {
        private readonly HttpListener _listener;
        private readonly HttpClient _client = new();
        private readonly HashSet<string> _members = [];
        private readonly Task _work;

        public AnswerProxy(string target)
        {
            (_listener, Url) = Listen();
            _work = ServeAsync(target.TrimEnd('/'));
        }

        private static CancellationToken Stop => TestContext.Current.CancellationToken;

        public string Url { get; }

        /// <summary>The members that were seen, with the operation's path.</summary>
        public IReadOnlyCollection<string> Members => _members;

        /// <summary>Which of them is changed; null for none.</summary>
        public string? Changed { get; set; }

        public async ValueTask DisposeAsync()
        {
            _listener.Stop();
            await _work;
            _client.Dispose();
        }

        // It chooses no port itself, and another process may take the one that was free a moment ago.
        private static (HttpListener Listener, string Url) Listen()
        {
            while (true)
            {
                string url = $"http://127.0.0.1:{FreePort()}";
                HttpListener listener = new();
                listener.Prefixes.Add($"{url}/");
                try
                {
                    listener.Start();
                    return (listener, url);
                }
                catch (HttpListenerException)
                {
                    listener.Close();
                    Stop.ThrowIfCancellationRequested();
                }
            }
        }

        private static int FreePort()
        {
            using System.Net.Sockets.TcpListener free = new(IPAddress.Loopback, 0);
            free.Start();
            return ((IPEndPoint)free.LocalEndpoint).Port;
        }

        private async Task ServeAsync(string target)
        {
            while (true)
            {
                HttpListenerContext context;
                try
                {
                    context = await _listener.GetContextAsync();
                }
                catch (Exception e) when (e is HttpListenerException or ObjectDisposedException)
                {
                    return;
                }
                try
                {
                    await PassAsync(context, target);
                }
                catch (Exception e) when (e is HttpListenerException or IOException)
                {
                    // The program did not wait for the answer.
                }
            }
        }

        private async Task PassAsync(HttpListenerContext context, string target)
        {
            using HttpRequestMessage request = new(new HttpMethod(context.Request.HttpMethod), target + context.Request.RawUrl)
            {
                Content = new StreamContent(context.Request.InputStream),
            };
            foreach (string name in context.Request.Headers.AllKeys.OfType<string>())
            {
                if (!request.Headers.TryAddWithoutValidation(name, context.Request.Headers[name]))
                    request.Content.Headers.TryAddWithoutValidation(name, context.Request.Headers[name]);
            }
            request.Headers.Host = null;
            using HttpResponseMessage answer = await _client.SendAsync(request, Stop);
            byte[] body = await answer.Content.ReadAsByteArrayAsync(Stop);
            if (answer.IsSuccessStatusCode) body = Change(context.Request.Url!.AbsolutePath, body);
            context.Response.StatusCode = (int)answer.StatusCode;
            context.Response.ContentType = answer.Content.Headers.ContentType?.ToString();
            context.Response.ContentLength64 = body.Length;
            await context.Response.OutputStream.WriteAsync(body, Stop);
            context.Response.Close();
        }

        private byte[] Change(string path, byte[] body)
        {
            if (!path.StartsWith("/v1/", StringComparison.Ordinal) || body.Length == 0) return body;
            JsonNode answer = JsonNode.Parse(body)!;
            foreach (string member in EnumerationValues.In(answer)) _members.Add($"{path} {member}");
            return Changed is { } changed && changed.StartsWith($"{path} ", StringComparison.Ordinal)
                ? System.Text.Encoding.UTF8.GetBytes(EnumerationValues.Replace(answer, changed[(path.Length + 1)..]).ToJsonString())
                : body;
        }
    }
}
