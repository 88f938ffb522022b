using Laurel.App.Features.Imports;

namespace Laurel.App.Tests.Features.Imports;

public sealed class ImportVerbTests : IDisposable
{
    private const string Good = "id,who,at\n1,g,2026-03-01T08:53:00Z\n2,g,never\n";
    private readonly Reading reading = new();

    public void Dispose() => reading.Dispose();

    [Fact]
    public async Task Import_with_rejects_is_done_and_writes_them()
    {
        var rejects = reading.Write("rejects.csv", "old");

        (await Run(reading.Write("a.csv", Good), "--rejects", rejects, "--json")).ShouldBe(0);

        var lines = await File.ReadAllLinesAsync(rejects);
        lines[0].ShouldBe("file,line,reason,row");
        lines[1].ShouldContain(",3,at: 'never' is no time of the form ");
        lines.Length.ShouldBe(2);
    }

    [Fact]
    public async Task Import_goes_on_with_the_next_file_after_one_that_cannot_be_read() =>
        (await Run(reading.Write("bad.csv", "nothing\n"), reading.Write("a.csv", Good))).ShouldBe(1);

    [Fact]
    public async Task Import_where_no_row_is_a_row_found_something_wrong() =>
        (await Run(reading.Write("a.ndjson", "this is\nno JSON\n"))).ShouldBe(1);

    [Fact]
    public async Task Import_where_there_is_no_row_found_nothing_readable()
    {
        (await Run(reading.Write("a.csv", "id,who,at\n"))).ShouldBe(1);
        (await Run(reading.Write("a.csv", "id,who,at\n"), reading.Write("b.csv", Good))).ShouldBe(0);
    }

    [Fact]
    public async Task Import_of_a_missing_file_is_bad_usage() => (await Run("/nowhere/a.csv")).ShouldBe(2);

    [Fact]
    public async Task Import_by_a_wrong_mapping_is_bad_usage() =>
        (await RunBy(reading.Write("m.yaml", "sourec: a\n"), reading.Write("a.csv", Good))).ShouldBe(2);

    [Fact]
    public async Task Import_does_not_overwrite_what_it_reads()
    {
        var file = reading.Write("a.csv", Good);

        (await Run(file, "--rejects", file)).ShouldBe(2);

        (await File.ReadAllTextAsync(file)).ShouldBe(Good);
    }

    [Fact]
    public async Task Import_with_an_unknown_option_is_bad_usage() => (await Run(reading.Write("a.csv", Good), "--shout")).ShouldBe(2);

    [Theory]
    [InlineData("--batch", "0")]
    [InlineData("--batch", "many")]
    public void Import_with_wrong_options_is_refused(string option, string value) =>
        ImportVerb.Command(TimeProvider.System).Parse(["a.csv", "--mapping", "m.yaml", option, value]).Errors.ShouldNotBeEmpty();

    private Task<int> Run(params string[] arguments) => RunBy(reading.Write("m.yaml", Reading.Yaml()), arguments);

    private static Task<int> RunBy(string mapping, params string[] arguments) =>
        ImportVerb.Command(TimeProvider.System).Parse([.. arguments, "--mapping", mapping, "--dry-run"]).InvokeAsync();
}
