using Laurel.App.Tests.Platform.Hosting;

namespace Laurel.App.Tests.Features.Imports;

/// <summary>A mapping that names what the set-up does not declare, as whoever types the verb meets it.</summary>
public sealed class UndeclaredNamesTests : IDisposable
{
    private const string Setup = """
        site: { id: vilnius, name: Vilnius, zone: Europe/Vilnius }
        people: [ { id: greta } ]
        activity-types:
          - { id: call, measures: { talk: { unit: seconds } }, labels: [kind] }
          - { id: chat }
        """;

    private const string Wrong = """
        source: desk
        times: { at: { column: at, format: iso } }
        activities:
          - { type: callz, id: "{id}", person: who, at: at, measures: { euro: n } }
          - type: call
            id: "{id}/call"
            person: who
            at: at
            measures: { talk: n, euro: n }
            labels: { kid: who }
        """;

    private static readonly string[] Problems =
    [
        "mapping.yaml:4:13: type 'callz' is not declared (did you mean 'call'?); declared are call, chat",
        "mapping.yaml:9:26: type 'call' declares no measure 'euro'",
        "mapping.yaml:10:15: type 'call' declares no label 'kid' (did you mean 'kind'?)",
    ];

    private readonly LaurelProgram laurel = new();

    public UndeclaredNamesTests()
    {
        laurel.Write("setup.yaml", Setup);
        laurel.Write("mapping.yaml", Wrong);
        laurel.Write("right.yaml", """
            source: desk
            times: { at: { column: at, format: iso } }
            activities: [ { type: call, id: "{id}", person: who, at: at, measures: { talk: n }, labels: { kind: who } } ]
            """);
        laurel.Write("a.csv", "id,who,at,n\n1,greta,2026-03-01T08:53:00Z,7\n");
    }

    public void Dispose() => laurel.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Import_by_a_mapping_of_undeclared_names_is_refused_before_anything_is_read(bool dryRun)
    {
        await Apply();
        var ran = await Import("mapping.yaml", dryRun, "--rejects", "rejects.csv");
        ran.Exit.ShouldBe(2, ran.Says);
        ran.Err.Split('\n', StringSplitOptions.RemoveEmptyEntries).ShouldBe(Problems);
        ran.Out.ShouldBeEmpty();
        File.Exists(Path.Combine(laurel.Folder, "rejects.csv")).ShouldBeFalse();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Import_by_a_mapping_of_declared_names_is_done(bool dryRun)
    {
        await Apply();
        var ran = await Import("right.yaml", dryRun);
        ran.Exit.ShouldBe(0, ran.Says);
        ran.Out.ShouldMatch(@"(accepted|would be sent) +1\n");
    }

    [Fact]
    public async Task Dry_run_without_a_database_compares_with_none_and_makes_none()
    {
        var ran = await Import("mapping.yaml", dryRun: true);
        ran.Exit.ShouldBe(0, ran.Says);
        Directory.Exists(Path.Combine(laurel.Folder, "data")).ShouldBeFalse();
    }

    private async Task Apply()
    {
        var ran = await laurel.Run("apply", "setup.yaml");
        ran.Exit.ShouldBe(0, ran.Says);
    }

    private Task<Ran> Import(string mapping, bool dryRun, params string[] more) =>
        laurel.Run(["import", "a.csv", "--mapping", mapping, .. dryRun ? ["--dry-run"] : Array.Empty<string>(), .. more]);
}
