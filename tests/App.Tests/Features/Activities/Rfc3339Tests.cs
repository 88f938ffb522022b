using System.Text;
using Laurel.App.Features.Activities;

namespace Laurel.App.Tests.Features.Activities;

public class Rfc3339Tests
{
    [Theory]
    [InlineData("1970-01-01T00:00:00Z", 0)]
    [InlineData("1970-01-01T02:00:00+02:00", 0)]
    [InlineData("1969-12-31T19:00:00-05:00", 0)]
    [InlineData("1969-12-31T23:59:59.999Z", -1)]
    [InlineData("2016-02-29t08:53:00z", 1456735980000)]
    [InlineData("2016-02-29T08:53:00.2504Z", 1456735980250)]
    [InlineData("2016-02-29T08:53:00.9999999999Z", 1456735980999)]
    [InlineData("2016-02-29T08:53:00.5-00:00", 1456735980500)]
    public void Parse_a_date_and_time_with_offset_is_utc_milliseconds(string text, long milliseconds) =>
        Rfc3339.Parse(Encoding.UTF8.GetBytes(text)).ShouldBe(milliseconds);

    [Theory]
    [InlineData("")]
    [InlineData("2016-02-29")]
    [InlineData("2016-02-29T08:53:00")]
    [InlineData("2016-02-29 08:53:00Z")]
    [InlineData("2016-02-29T08:53Z")]
    [InlineData("2015-02-29T08:53:00Z")]
    [InlineData("2016-13-01T08:53:00Z")]
    [InlineData("2016-00-01T08:53:00Z")]
    [InlineData("2016-01-00T08:53:00Z")]
    [InlineData("2016-01-01T24:00:00Z")]
    [InlineData("2016-01-01T23:60:00Z")]
    [InlineData("2016-12-31T23:59:60Z")]
    [InlineData("2016-01-01T23:00:00.Z")]
    [InlineData("2016-01-01T23:00:00,5Z")]
    [InlineData("2016-01-01T23:00:00+0200")]
    [InlineData("2016-01-01T23:00:00+24:00")]
    [InlineData("2016-01-01T23:00:00+02:60")]
    [InlineData("2016-01-01T23:00:00.5")]
    [InlineData("2016-01-01T23:00:00Zulu")]
    [InlineData("+016-01-01T23:00:00Z")]
    [InlineData("1899-12-31T23:00:00Z")]
    [InlineData("2200-01-01T00:00:00Z")]
    [InlineData("2016-01-01T23:00:00.0000000000000000000000000000000000000000000000000Z")]
    public void Parse_anything_else_is_null(string text) => Rfc3339.Parse(Encoding.UTF8.GetBytes(text)).ShouldBeNull();
}
