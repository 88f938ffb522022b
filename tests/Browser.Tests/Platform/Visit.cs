using System.Collections.Concurrent;
using System.Text.RegularExpressions;
using Microsoft.Playwright;

namespace Laurel.Browser.Tests.Platform;

/// <summary>
/// A browser of its own with one page, watched: what the console says, what fails in scripts, what the policy forbids and what is asked
/// of other machines are faults of the visit, unless the test expected them.
/// </summary>
public sealed class Visit(IBrowserContext context, Uri address)
{
    private readonly ConcurrentQueue<string> faults = [];
    private readonly ConcurrentQueue<Uri> asked = [];
    private readonly List<string> expected = [];

    public IBrowserContext Context => context;
    public IPage Page { get; private set; } = null!;
    public Uri Address => address;

    /// <summary>Everything that was asked for so far.</summary>
    public IReadOnlyList<Uri> Asked => [.. asked];

    /// <summary>What nobody expected.</summary>
    public IReadOnlyList<string> Faults => [.. faults.Where(fault => !expected.Any(e => fault.Contains(e, StringComparison.Ordinal)))];

    internal async Task Begin()
    {
        context.Console += (_, message) =>
        {
            // A policy that is broken is told here, too.
            if (message.Type is "error" or "warning") faults.Enqueue($"console {message.Type}: {message.Text} ({message.Location})");
        };
        context.WebError += (_, error) => faults.Enqueue($"script: {error.Error}");
        context.Request += (_, request) =>
        {
            var to = new Uri(request.Url);
            asked.Enqueue(to);
            if (to.Scheme is not ("data" or "blob" or "about") && !to.IsLoopback) faults.Enqueue($"asked another machine: {to}");
        };
        Page = await context.NewPageAsync();
    }

    /// <summary>Faults that contain this text are what the test is about.</summary>
    public Visit Expect(string fault)
    {
        expected.Add(fault);
        return this;
    }

    /// <summary>Opens a page, which answers with this status.</summary>
    public async Task Open(string path, int status = 200)
    {
        if (status >= 400) Expect($"responded with a status of {status}");
        var answer = await Page.GotoAsync(path);
        answer.ShouldNotBeNull().Status.ShouldBe(status, $"{path} answered {answer.Status} at {answer.Url}");
    }

    /// <summary>
    /// Waits until the page has moved to an address that holds this. Playwright's own waiting misses a move between its look at the
    /// address and its beginning to listen; this looks again.
    /// </summary>
    public async Task Arrives(string part)
    {
        await Assertions.Expect(Page).ToHaveURLAsync(new Regex(Regex.Escape(part), RegexOptions.None, TimeSpan.FromSeconds(1)));
        await Page.WaitForLoadStateAsync();
    }

    /// <summary>The path and query that the page is at now.</summary>
    public string Here => new Uri(Page.Url).PathAndQuery;

    public ILocator Heading => Page.GetByRole(AriaRole.Heading, new() { Level = 1 });

    public ILocator Link(string name) => Page.GetByRole(AriaRole.Link, new() { Name = name, Exact = true });

    public ILocator Button(string name) => Page.GetByRole(AriaRole.Button, new() { Name = name, Exact = true });
}
