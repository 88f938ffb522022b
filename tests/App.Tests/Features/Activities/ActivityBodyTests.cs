using System.Security.Cryptography;
using System.Text;
using Laurel.App.Features.Activities;
using Laurel.Engine.Activities;
using Laurel.Engine.Kernel;

namespace Laurel.App.Tests.Features.Activities;

public class ActivityBodyTests
{
    private static readonly IncomingActivity Case = new(
        "desk", ActivityId.Of("a/1"), "case", "ona", null, 1_700_000_000_123,
        [new("talk", new Amount(12_500)), new("hold", new Amount(-3))], [new("kind", "PS"), new("channel", "žodis \ud83d\ude00")])
    {
        Project = "p",
    };

    /// <summary>What is kept was fingerprinted by earlier releases: with another one, what is sent again would be a conflict.</summary>
    [Fact]
    public void Fingerprint_is_the_beginning_of_a_hash_over_lengths_and_texts_in_the_order_of_names()
    {
        const string Text = "4:case3:ona-1700000000123 4:hold-34:talk12500|7:channel8:žodis \ud83d\ude004:kind2:PS1:p-";
        ActivityBody.Fingerprint(Case).ShouldBe(BitConverter.ToInt64(SHA256.HashData(Encoding.UTF8.GetBytes(Text))));
    }

    [Fact]
    public void Fingerprint_of_a_void_or_of_other_parts_is_another()
    {
        var all = new[]
        {
            Case, Case with { IsVoid = true }, Case with { Project = null }, Case with { Contact = "p", Project = null },
            Case with { Person = null, Team = "ona" }, Case with { Measures = [] }, Case with { Labels = [] },
        };
        all.Select(ActivityBody.Fingerprint).Distinct().Count().ShouldBe(all.Length);
        ActivityBody.Fingerprint(Case with { Labels = [.. Case.Labels.Reverse()], Measures = [.. Case.Measures.Reverse()] })
            .ShouldBe(ActivityBody.Fingerprint(Case));
    }

    [Fact]
    public void Write_and_Read_give_back_what_came_in_whatever_was_written_before()
    {
        foreach (var one in new[] { Case, Case with { Measures = [], Labels = [], Project = null }, Case })
        {
            var body = ActivityBody.Read(ActivityBody.Write(one));
            body.Measures.ShouldBe(one.Measures);
            body.Labels.ShouldBe(one.Labels);
            body.Project.ShouldBe(one.Project);
        }
    }
}
