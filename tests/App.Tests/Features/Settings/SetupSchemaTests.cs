using System.Text.Json.Nodes;
using Laurel.App.Features.Settings;
using Laurel.App.Platform.Yaml;
using Laurel.App.Tests.Platform.Hosting;
using NJsonSchema;
using YamlDotNet.Serialization;

namespace Laurel.App.Tests.Features.Settings;

/// <summary>What the reader knows and what the schema says are the same; a validator of somebody else's judges.</summary>
public sealed class SetupSchemaTests
{
    private static readonly Lazy<Task<JsonSchema>> Judge = new(() => JsonSchema.FromJsonAsync(SetupSchema.Write()));
    private static readonly JsonNode Schema = JsonNode.Parse(SetupSchema.Write())!;
    private static readonly IDeserializer Yaml = new DeserializerBuilder().WithAttemptingUnquotedStringTypeDeserialization().Build();
    private static readonly ISerializer Json = new SerializerBuilder().JsonCompatible().Build();

    private static async Task<IReadOnlyList<string>> Problems(string yaml) =>
        [.. (await Judge.Value).Validate(Json.Serialize(Yaml.Deserialize<object>(yaml))).Select(e => $"{e.Path}: {e.Kind}")];

    [Theory]
    [InlineData("incidents")]
    [InlineData("bank-calls")]
    [InlineData("demo")]
    public async Task Sample_files_are_valid(string sample) =>
        (await Problems(await File.ReadAllTextAsync(DataSets.Sample(sample, "setup.yaml")))).ShouldBeEmpty();

    [Fact]
    public async Task Every_set_of_the_catalogue_is_valid()
    {
        var sets = Directory.GetFiles(Path.Combine(Checkout.Root, "src/App/Features/Achievements/Catalogue"), "*.yaml");
        sets.Length.ShouldBeGreaterThan(4);
        foreach (var set in sets) (await Problems(await File.ReadAllTextAsync(set))).ShouldBeEmpty(Path.GetFileName(set));
    }

    [Theory]
    [InlineData("teams: [ { id: care, nmae: Care } ]")]
    [InlineData("week-start: someday")]
    [InlineData("achievements: [ { id: a, type: threshold, metric: cases, at-least: 5, period: week } ]")]
    [InlineData("achievements: [ { id: a, type: manual, badge: nothing-like-it } ]")]
    [InlineData("metrics: [ { id: cases, types: case, where: [ { weekday: caturday } ] } ]")]
    [InlineData("people: [ { name: Nobody } ]")]
    public async Task What_the_reader_refuses_is_invalid(string yaml)
    {
        var problems = new YamlProblems("setup.yaml");
        new SetupReader(problems).Read(yaml);
        problems.Any.ShouldBeTrue();
        (await Problems(yaml)).ShouldNotBeEmpty();
    }

    public static TheoryData<string, string> Maps => new()
    {
        { "{ ?: 1 }", "" },
        { "site: { ?: 1 }", "/site" },
        { "sites: [ { ?: 1 } ]", "/sites/-" },
        { "areas: { ?: 1 }", "/areas" },
        { "teams: [ { ?: 1 } ]", "/teams/-" },
        { "groups: [ { ?: 1 } ]", "/groups/-" },
        { "people: [ { ?: 1 } ]", "/people/-" },
        { "projects: [ { ?: 1 } ]", "/projects/-" },
        { "identities: [ { ?: 1 } ]", "/identities/-" },
        { "presence: { ?: 1 }", "/presence" },
        { "presence: { statuses: { s: { ?: 1 } } }", "/presence/statuses/*/=1" },
        { "activity-types: [ { ?: 1 } ]", "/activity-types/-" },
        { "activity-types: [ { id: t, measures: { m: { ?: 1 } } } ]", "/activity-types/-/measures/*" },
        { "activity-types: [ { id: t, labels: { m: { ?: 1 } } } ]", "/activity-types/-/labels/=1/*/=1" },
        { "metrics: [ { ?: 1 } ]", "/metrics/-" },
        { "metrics: [ { id: m, types: t, where: [ { ?: 1 } ] } ]", "/metrics/-/where/-" },
        { "paths: [ { ?: 1 } ]", "/paths/-" },
        { "achievements: [ { type: threshold, ?: 1 } ]", "/achievements/-/threshold" },
        { "achievements: [ { type: threshold, conditions: [ { ?: 1 } ] } ]", "/achievements/-/threshold/conditions/-" },
        { "achievements: [ { type: best-of-period, ?: 1 } ]", "/achievements/-/best-of-period" },
        { "achievements: [ { type: personal-record, ?: 1 } ]", "/achievements/-/personal-record" },
        { "achievements: [ { type: improvement, ?: 1 } ]", "/achievements/-/improvement" },
        { "achievements: [ { type: streak, ?: 1 } ]", "/achievements/-/streak" },
        { "achievements: [ { type: first-time, ?: 1 } ]", "/achievements/-/first-time" },
        { "achievements: [ { type: first-in-project, ?: 1 } ]", "/achievements/-/first-in-project" },
        { "achievements: [ { type: lucky-draw, ?: 1 } ]", "/achievements/-/lucky-draw" },
        { "achievements: [ { type: manual, ?: 1 } ]", "/achievements/-/manual" },
        { "achievements: [ { type: collection, ?: 1 } ]", "/achievements/-/collection" },
        { "achievements: [ { type: personal-goal, ?: 1 } ]", "/achievements/-/personal-goal" },
        { "achievements: [ { type: manual, audience: { ?: 1 } } ]", "/achievements/-/manual/audience" },
    };

    [Theory]
    [MemberData(nameof(Maps))]
    public void Every_map_has_the_keys_that_the_reader_knows(string yaml, string place)
    {
        const string unknown = "zzzzzzzzzzzzzz";
        var problems = new YamlProblems("setup.yaml");
        new SetupReader(problems).Read(yaml.Replace("?", unknown, StringComparison.Ordinal));
        var told = problems.InOrder().Select(p => p.ToString()!).Single(p => p.Contains($"'{unknown}'", StringComparison.Ordinal));
        const string intro = "(known here: ";
        var known = told[(told.IndexOf(intro, StringComparison.Ordinal) + intro.Length)..].TrimEnd(')').Split(", ");

        At(place)["properties"]!.AsObject().Select(p => p.Key).ShouldBe(known, ignoreOrder: true);
    }

    /// <summary>A key, "-" the items of a list, "*" every value of a map, "=1" the second of two shapes, or a kind.</summary>
    private static JsonNode At(string place)
    {
        var node = Schema;
        foreach (var step in place.Split('/', StringSplitOptions.RemoveEmptyEntries))
            node = step switch
            {
                "-" => node["items"]!,
                "*" => node["additionalProperties"]!,
                "=1" => node["anyOf"]![1]!,
                _ when node["oneOf"] is JsonArray kinds =>
                    kinds.Single(k => (string?)k!["properties"]!["type"]!["enum"]![0] == step)!,
                _ => node["properties"]![step]!,
            };
        return node;
    }

    [Fact]
    public async Task Export_prints_the_set_up_and_the_schema_of_its_file()
    {
        using var laurel = new LaurelProgram();
        laurel.Write("setup.yaml", "site: { id: vilnius, name: Vilnius, zone: Europe/Vilnius }\nteams: [ { id: care, name: Care } ]\n");
        (await laurel.Run("apply", "setup.yaml", "--database", "laurel.db")).Exit.ShouldBe(0);

        var setup = await laurel.Run("export", "setup", "--database", "laurel.db");
        setup.Exit.ShouldBe(0);
        (await Problems(setup.Out)).ShouldBeEmpty();
        laurel.Write("again.yaml", setup.Out);
        (await laurel.Run("apply", "again.yaml", "--database", "laurel.db")).Out.ShouldBe("Nothing to change.\n");

        (await laurel.Run("export", "schema")).Out.ShouldBe(SetupSchema.Write() + "\n");
        (await laurel.Run("export", "setup", "--database", "missing.db")).Exit.ShouldBe(2);
    }
}
