using System.Text;
using System.Text.RegularExpressions;
using Laurel.App.Features.Activities;
using Laurel.App.Features.Imports;
using Laurel.App.Tests.Features.Imports;
using Laurel.App.Tests.Platform.Hosting;
using Laurel.Engine.Activities;

namespace Laurel.App.Tests.Features.Settings;

/// <summary>What the documents tell to type works, one with the other.</summary>
public sealed class GuideTests : IDisposable
{
    private static readonly DateTimeOffset Now = new(2026, 11, 18, 14, 0, 0, TimeSpan.Zero);
    private readonly Reading files = new();

    public void Dispose() => files.Dispose();

    [Fact]
    public async Task Pieces_of_the_guide_make_one_setup_file()
    {
        await using var core = await CoreFixture.Start(Now);
        core.Apply(Guide()).Count.ShouldBeGreaterThan(10);
        core.Apply(Guide()).ShouldBeEmpty();
    }

    [Fact]
    public async Task Activities_of_the_API_s_document_are_taken_by_the_guide_s_setup()
    {
        await using var core = await CoreFixture.Start(Now, Guide());
        var activities = Activities("docs/api.md");
        activities.Count.ShouldBe(3);
        (await core.Take(activities)).Select(r => r.Outcome).ShouldBe(Enumerable.Repeat(ItemOutcome.Accepted, activities.Count));
    }

    [Fact]
    public async Task Metrics_and_change_of_the_guide_of_presence_are_taken_by_the_guide_s_setup()
    {
        await using var core = await CoreFixture.Start(Now, Guide());
        core.Apply(Blocks(Read("docs/guide/presence.md"), "yaml").ShouldHaveSingleItem()).Count.ShouldBe(3);
        (await core.Take(Activities("docs/guide/presence.md"))).Single().Outcome.ShouldBe(ItemOutcome.Accepted);
    }

    [Fact]
    public async Task Activity_of_the_README_is_taken_by_the_sample_that_it_names()
    {
        await using var core = await CoreFixture.Start(Now, Read("samples/bank-calls/setup.yaml"));
        var own = Activities("README.md").Single(a => a.Type != "hello");
        (await core.Take(own)).Single().Outcome.ShouldBe(ItemOutcome.Accepted);
    }

    [Fact]
    public async Task First_mapping_of_the_import_s_guide_brings_its_row_in()
    {
        await using var core = await CoreFixture.Start(Now, Guide());
        var guide = Read("docs/guide/import.md");
        var mapping = MappingFile.Load(files.Write("m.yaml", Blocks(guide, "yaml")[0]));
        mapping.Problems.ShouldBeEmpty();
        var rows = new ImportReader(mapping.Mapping!, [files.Write("calls.csv", Blocks(guide, "csv")[0])]).Read().ToList();
        var activity = rows.OfType<ReadActivity>().Single().Activity;
        (activity.Person, activity.Measures.Single().Amount.ToDecimal()).ShouldBe(("avi", 168m));
        (await core.Take(activity)).Single().Outcome.ShouldBe(ItemOutcome.Accepted);
    }

    [Fact]
    public void Links_of_the_documents_lead_somewhere()
    {
        var broken = new List<string>();
        foreach (var file in Directory.EnumerateFiles(Path.Combine(Checkout.Root, "docs"), "*.md", SearchOption.AllDirectories)
                     .Append(Path.Combine(Checkout.Root, "README.md")).Append(Path.Combine(Checkout.Root, "CHANGELOG.md")))
            foreach (var link in Regex.Matches(File.ReadAllText(file), @"\]\((?<to>[^)\s]+)\)", RegexOptions.ExplicitCapture,
                TimeSpan.FromSeconds(1)).Select(m => m.Groups["to"].Value))
            {
                if (link.StartsWith("http", StringComparison.Ordinal)) continue;
                var parts = link.Split('#');
                var to = parts[0].Length == 0 ? file : Path.GetFullPath(parts[0], Path.GetDirectoryName(file)!);
                if (!Path.Exists(to) || parts.Length > 1 && !Anchors(to).Contains(parts[1], StringComparer.Ordinal))
                    broken.Add($"{Path.GetRelativePath(Checkout.Root, file)}: {link}");
            }
        broken.ShouldBeEmpty();
    }

    /// <summary>As the places that show the documents make them of headings.</summary>
    private static IEnumerable<string> Anchors(string file) => File.ReadLines(file).Where(l => l.StartsWith('#'))
        .Select(l =>
            new string([.. l.TrimStart('#').Trim().ToLowerInvariant().Where(c => char.IsLetterOrDigit(c) || c is ' ' or '-' or '_')])
            .Replace(' ', '-'));

    [Fact]
    public async Task Guide_of_several_sites_can_be_applied_twice()
    {
        await using var core = await CoreFixture.Start(Now);
        var setup = Blocks(Read("docs/guide/setup.md"), "yml").ShouldHaveSingleItem();
        core.Apply(setup).ShouldNotBeEmpty();
        core.Apply(setup).ShouldBeEmpty();
    }

    private static string Guide() => string.Join('\n', Blocks(Read("docs/guide/setup.md"), "yaml"));

    private static List<string> Blocks(string document, string kind) =>
        [.. Regex.Matches(document, $"^```{kind}\n(?<text>.*?)^```",
            RegexOptions.Multiline | RegexOptions.Singleline | RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(1))
            .Select(m => m.Groups["text"].Value)];

    /// <summary>Every event in the document, with the shell's dates filled in.</summary>
    private static List<IncomingActivity> Activities(string path)
    {
        var text = Regex.Replace(Read(path), "'\"?\\$\\(date [^)]*\\)\"?'", Now.ToString("yyyy-MM-ddTHH:mm:ssZ", null), RegexOptions.None,
            TimeSpan.FromSeconds(1));
        var found = new List<IncomingActivity>();
        for (var at = text.IndexOf("{", StringComparison.Ordinal); at >= 0; at = text.IndexOf("{", at + 1, StringComparison.Ordinal))
        {
            var end = End(text, at);
            if (end < 0 || !text[(at + 1)..end].TrimStart().StartsWith("\"specversion\"", StringComparison.Ordinal)) continue;
            var read = new CloudEventReader().ReadWhole(Encoding.UTF8.GetBytes(text[at..(end + 1)]));
            found.Add(read.Activity.ShouldNotBeNull(read.Reason));
        }
        return found;
    }

    private static int End(string text, int at)
    {
        var open = 0;
        for (var i = at; i < text.Length; i++)
            if (text[i] == '{') open++;
            else if (text[i] == '}' && --open == 0) return i;
        return -1;
    }

    private static string Read(string path) => File.ReadAllText(Path.Combine(Checkout.Root, path));
}
