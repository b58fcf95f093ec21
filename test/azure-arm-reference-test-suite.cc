/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

#include "azure-arm-evaluation.h"

using namespace ns3;
using namespace ns3::azure;
using namespace ns3::azure::test;

namespace
{

/// Values that the reference's examples take as parameters; every value is a literal there, too.
const std::string g_examples =
    R"("parameters":{"one":{"type":"object","defaultValue":{"one":"a","two":"b","three":"c1"}},)"
    R"("two":{"type":"object","defaultValue":{"three":"c2","four":"d","five":"e"}},)"
    R"("same":{"type":"object","defaultValue":{"one":"a","two":"z","three":"c1"}},)"
    R"("nulls":{"type":"object","defaultValue":{"null1":null,"null2":null,"string":"default",)"
    R"("int":1,"object":{"first":"default"},"array":[1]}},)"
    R"("environments":{"type":"object","defaultValue":{"item002":{"enabled":false,)"
    R"("number":"x4"},"item001":{"enabled":true,"number":"x3"}}}},)";

/**
 * @brief String functions, with the values of Microsoft's reference where it has an example.
 * @param test the test case
 */
void
TestStrings(FunctionTestCase& test)
{
    CheckTable(
        test,
        {{"base64ToJson(base64('{\"one\": \"a\", \"two\": \"b\"}'))", R"({"one":"a","two":"b"})"},
         {"base64ToJson('eyJvbmUiOiAiYSIsICJ0d28iOiAiYiJ9').two", R"("b")"},
         {"base64ToJson(base64('{\"a\":'))",
          "! malformed JSON at line 1, column 6: syntax error while parsing value - unexpected end "
          "of input; expected '[', '{', or a literal"},
         {"startsWith('abcdef', 'ab')", "true"},
         {"startsWith('abcdef', 'A')", "true"},
         {"startsWith('abcdef', 'e')", "false"},
         {"startsWith('ab', 'abc')", "false"},
         {"endsWith('abcdef', 'ef')", "true"},
         {"endsWith('abcdef', 'F')", "true"},
         {"endsWith('abcdef', 'e')", "false"},
         {"endsWith('bc', 'abc')", "false"},
         {"indexOf('test', 't')", "0"},
         {"indexOf('abcdef', 'CD')", "2"},
         {"indexOf('abcdef', 'z')", "-1"},
         {"indexOf(createArray('one', 'two', 'three', 'two'), 'two')", "1"},
         {"indexOf(createArray('one', 'two'), 'Two')", "-1"},
         {"indexOf(createArray(4, 5, 6, 5), 5)", "1"},
         {"indexOf(createArray(createArray(1), createArray(2)), createArray(2))", "1"},
         {"lastIndexOf('test', 't')", "3"},
         {"lastIndexOf('abcdef', 'AB')", "0"},
         {"lastIndexOf('abcdef', 'z')", "-1"},
         {"lastIndexOf(createArray('one', 'two', 'two'), 'two')", "2"},
         {"lastIndexOf(createArray(1), 2)", "-1"},
         {"trim('    one two three   ')", R"("one two three")"},
         {"trim('')", R"("")"},
         {"trim('   ')", R"("")"},
         {"replace('123-123-1234', '-', '')", R"("1231231234")"},
         {"replace('123-123-1234', '1234', 'xxxx')", R"("123-123-xxxx")"},
         {"replace('aaa', 'aa', 'a')", R"("aa")"},
         {"replace('aAa', 'A', '')", R"("aa")"},
         {"replace('a', '', 'b')", "! function 'replace': the text to replace is empty"},
         {"split('one;two,three', createArray(',', ';'))", R"(["one","two","three"])"},
         {"split(',a,,b,', ',')", R"(["","a","","b",""])"},
         {"substring('one two three', 4, 3)", R"("two")"},
         {"take('one two three', 3)", R"("one")"},
         {"skip('one two three', 4)", R"("two three")"},
         {"padLeft('123', 2, '0')", R"("123")"},
         {"padLeft('1', 3)", R"("  1")"},
         {"padLeft('1', 3, 'ab')", "! function 'padLeft': the fill must be one character"},
         {"padLeft('1', -1)", "! function 'padLeft': the width must be from 0 to 100000"},
         {"uriComponent('http://contoso.com/resources/nested/azuredeploy.json')",
          R"("http%3A%2F%2Fcontoso.com%2Fresources%2Fnested%2Fazuredeploy.json")"},
         {"uriComponentToString('http%3a%2F%2fcontoso.com%2Fx')", R"("http://contoso.com/x")"},
         // The unreserved characters of RFC 3986 stay, all others go.
         {"uriComponent('AZaz09-._~!*()+,:@&=$#?%')",
          R"("AZaz09-._~%21%2A%28%29%2B%2C%3A%40%26%3D%24%23%3F%25")"},
         {"uriComponentToString('%4')",
          "! function 'uriComponentToString': '%' is not followed by two hexadecimal digits"},
         {"uriComponentToString('%g0')",
          "! function 'uriComponentToString': '%' is not followed by two hexadecimal digits"},
         {"format('{0}, {1}. Formatted number: {2:N0}', 'Hello', 'User', 8175133)",
          R"("Hello, User. Formatted number: 8,175,133")"},
         {"format('{{{0}}}', 1)", R"("{1}")"},
         {"format('{0:N0} {0:N1} {1:N0}', 999, -1000)", R"("999 999.0 -1,000")"},
         {"format('{0:D5} {0:00} {1:D}', -42, 7)", R"("-00042 -42 7")"},
         {"format('{0:x} {0:X} {1:x4}', -1, 10)", R"("ffffffffffffffff FFFFFFFFFFFFFFFF 000a")"},
         {"format('{0,-3}|{0,1}|{1,4:D2}', 'ab', 5)", R"("ab |ab|  05")"},
         {"format('}', 1)", "! function 'format': a '}' has no '{'"},
         {"format('{0,x}', 1)", "! function 'format': '{0,x}' has no number after the comma"},
         {"format('{1}', 1)", "! function 'format': '{1}' has no argument; there are 1"},
         {"concat('prefix', '-', 'x', 1, false())", R"("prefix-x1False")"},
         {"toLower('One Two Three')", R"("one two three")"},
         {"toUpper('One Two Three')", R"("ONE TWO THREE")"},
         {"string(createObject('valueA', 10, 'valueB', 'Example Text'))",
          R"("{\"valueA\":10,\"valueB\":\"Example Text\"}")"},
         {"string(createArray('a', 'b', 'c'))", R"("[\"a\",\"b\",\"c\"]")"},
         {"string(5)", R"("5")"}});
}

/**
 * @brief Every way to resolve a reference that RFC 3986, section 5.4, lists and the function takes.
 * @param test the test case
 */
void
TestUris(FunctionTestCase& test)
{
    const std::pair<const char*, const char*> references[] = {
        {"g", "http://a/b/c/g"},
        {"./g", "http://a/b/c/g"},
        {"g/", "http://a/b/c/g/"},
        {"/g", "http://a/g"},
        {"?y", "http://a/b/c/d;p?y"},
        {"g?y", "http://a/b/c/g?y"},
        {"g#s", "http://a/b/c/g#s"},
        {"g?y#s", "http://a/b/c/g?y#s"},
        {";x", "http://a/b/c/;x"},
        {"g;x", "http://a/b/c/g;x"},
        {"g;x?y#s", "http://a/b/c/g;x?y#s"},
        {"", "http://a/b/c/d;p?q"},
        {".", "http://a/b/c/"},
        {"./", "http://a/b/c/"},
        {"..", "http://a/b/"},
        {"../", "http://a/b/"},
        {"../g", "http://a/b/g"},
        {"../..", "http://a/"},
        {"../../", "http://a/"},
        {"../../g", "http://a/g"},
        {"../../../g", "http://a/g"},
        {"../../../../g", "http://a/g"},
        {"/./g", "http://a/g"},
        {"/../g", "http://a/g"},
        {"g.", "http://a/b/c/g."},
        {".g", "http://a/b/c/.g"},
        {"g..", "http://a/b/c/g.."},
        {"..g", "http://a/b/c/..g"},
        {"./../g", "http://a/b/g"},
        {"./g/.", "http://a/b/c/g/"},
        {"g/./h", "http://a/b/c/g/h"},
        {"g/../h", "http://a/b/c/h"},
        {"g;x=1/./y", "http://a/b/c/g;x=1/y"},
        {"g;x=1/../y", "http://a/b/c/y"},
        {"g?y/./x", "http://a/b/c/g?y/./x"},
        {"g?y/../x", "http://a/b/c/g?y/../x"},
        {"g#s/./x", "http://a/b/c/g#s/./x"},
        {"g#s/../x", "http://a/b/c/g#s/../x"},
        {"#s", "http://a/b/c/d;p?q#s"},
        {"//g", "http://g"},
        {"//g/./h/../i?y", "http://g/i?y"},
        {"//g?y/../x", "http://g?y/../x"},
        {"g:h", "g:h"},
        {"g:/h", "g:/h"},
        {"./g:h", "http://a/b/c/g:h"},
        {"?y:z", "http://a/b/c/d;p?y:z"},
        {"1:h", "http://a/b/c/1:h"},
        {"http://x/y", "http://x/y"},
        {"http://x/y/../z#s", "http://x/z#s"},
        {"?u=http://x/y", "http://a/b/c/d;p?u=http://x/y"}};
    for (const auto& [reference, target] : references)
    {
        test.Equal(EvaluateOne(std::string("uri('http://a/b/c/d;p?q', '") + reference + "')"),
                   std::string("\"") + target + "\"",
                   reference);
    }
    CheckTable(
        test,
        {{"uri('http://contoso.org/firstpath', 'myscript.sh')",
          R"("http://contoso.org/myscript.sh")"},
         {"uri('http://contoso.org/firstpath/', 'myscript.sh')",
          R"("http://contoso.org/firstpath/myscript.sh")"},
         {"uri('http://contoso.org/firstpath/azuredeploy.json', 'myscript.sh')",
          R"("http://contoso.org/firstpath/myscript.sh")"},
         {"uri('http://contoso.org/firstpath/azuredeploy.json/', 'myscript.sh')",
          R"("http://contoso.org/firstpath/azuredeploy.json/myscript.sh")"},
         {"uri('http://contoso.org', 'myscript.sh')", R"("http://contoso.org/myscript.sh")"},
         {"uri('http://a/b#s', '')", R"("http://a/b")"},
         {"uri('http://a/b?q#s', '#t')", R"("http://a/b?q#t")"},
         {"uri('contoso.org/x', 'y')", "! function 'uri': 'contoso.org/x' is no absolute URI"}});
}

/**
 * @brief Arrays and objects.
 * @param test the test case
 */
void
TestCollections(FunctionTestCase& test)
{
    const std::string three = "createArray('one', 'two', 'three')";
    CheckTable(
        test,
        {{"array(1)", "[1]"},
         {"array('efgh')", R"(["efgh"])"},
         {"array(createObject('a', 'b'))", R"([{"a":"b"}])"},
         {"array(" + three + ")", R"(["one","two","three"])"},
         {"concat(createArray('1-1', '1-2'), createArray('2-1'), createArray())",
          R"(["1-1","1-2","2-1"])"},
         {"contains(" + three + ", 'three')", "true"},
         {"contains(createArray(createObject('a', 1)), createObject('A', 1))", "true"},
         {"contains(parameters('one'), 'One')", "true"},
         {"contains(parameters('one'), 'a')", "false"},
         {"createArray()", "[]"},
         {"createArray(1, 'a', createArray(), null())", R"([1,"a",[],null])"},
         {"createObject('intProp', 1, 'stringProp', 'abc', 'boolProp', true(), 'arrayProp', "
          "createArray('a', 'b', 'c'), 'objectProp', createObject('key1', 'value1'))",
          R"({"intProp":1,"stringProp":"abc","boolProp":true,"arrayProp":["a","b","c"],)"
          R"("objectProp":{"key1":"value1"}})"},
         {"createObject(1, 2)", "! argument 1 must be a string but is an integer"},
         {"empty(createArray())", "true"},
         {"empty(" + three + ")", "false"},
         {"empty(parameters('one'))", "false"},
         {"empty(' ')", "false"},
         {"first(" + three + ")", R"("one")"},
         {"first('')", R"("")"},
         {"last(" + three + ")", R"("three")"},
         {"last('')", R"("")"},
         {"last(createArray())", "null"},
         {"intersection(parameters('one'), parameters('same'))", R"({"one":"a","three":"c1"})"},
         {"intersection(" + three + ", createArray('two', 'three'))", R"(["two","three"])"},
         {"intersection(createArray(3, 1, 2), createArray(1, 2, 3), createArray(2, 3))", "[3,2]"},
         {"intersection(parameters('one'), createArray())",
          "! argument 2 must be an object but is an array"},
         {"union(parameters('one'), parameters('two'))",
          R"({"one":"a","two":"b","three":"c2","four":"d","five":"e"})"},
         {"union(" + three + ", createArray('three', 'four'))", R"(["one","two","three","four"])"},
         {"union(createObject('a', createObject('x', 1)), createObject('a', 1))", R"({"a":1})"},
         {"items(parameters('environments'))",
          R"([{"key":"item001","value":{"enabled":true,"number":"x3"}},)"
          R"({"key":"item002","value":{"enabled":false,"number":"x4"}}])"},
         {"items(createArray(1))", "! argument 1 must be an object but is an array"},
         {"join(" + three + ", ';')", R"("one;two;three")"},
         {"join(createArray(), ',')", R"("")"},
         {"join(createArray(1, 2), 3)", "! argument 2 must be a string but is an integer"},
         {"length(" + three + ")", "3"},
         {"length(parameters('nulls'))", "6"},
         {"length('')", "0"},
         {"max(createArray(0, 3, 2, 5, 4))", "5"},
         {"max(0, 3, 2, 5, 4)", "5"},
         {"min(0, 3, 2, 5, 4)", "0"},
         {"min(7)", "7"},
         {"max(1, 'a')", "! argument 2 must be an integer but is a string"},
         {"range(5, 0)", "[]"},
         {"range(-2, 4)", "[-2,-1,0,1]"},
         {"length(range(0, 10000))", "10000"},
         {"skip(" + three + ", 2)", R"(["three"])"},
         {"skip(" + three + ", 0)", R"(["one","two","three"])"},
         {"take(" + three + ", 2)", R"(["one","two"])"},
         {"take(" + three + ", 9)", R"(["one","two","three"])"},
         {"skip(1, 1)", "! argument 1 must be an array but is an integer"},
         {"take('abc', '1')", "! argument 2 must be an integer but is a string"}},
        {},
        g_examples);
}

/**
 * @brief Comparisons, logic, numbers and conversions.
 * @param test the test case
 */
void
TestValues(FunctionTestCase& test)
{
    const std::string nulls = "coalesce(parameters('nulls').null1, parameters('nulls').null2, "
                              "parameters('nulls').";
    CheckTable(
        test,
        {{nulls + "string)", R"("default")"},
         {nulls + "int)", "1"},
         {nulls + "object)", R"({"first":"default"})"},
         {nulls + "array)", "[1]"},
         {nulls + "null1)", "null"},
         {"equals(createArray('a', 'b'), createArray('a', 'b'))", "true"},
         {"equals(createObject('a', 'b'), createObject('a', 'c'))", "false"},
         {"equals(null(), '')", "false"},
         {"greater(2, 2)", "false"},
         {"greaterOrEquals(1, 2)", "false"},
         {"greaterOrEquals(2, 2)", "true"},
         {"less(1, 2)", "true"},
         {"less(2, 2)", "false"},
         {"lessOrEquals(1, 2)", "true"},
         {"lessOrEquals(3, 2)", "false"},
         {"lessOrEquals('a', 'a')", "true"},
         {"greaterOrEquals('b', 'a')", "true"},
         {"greater('a', 'ab')", "false"},
         // Case counts only where nothing else differs, and lower case comes first then.
         {"greater('A', 'a')", "true"},
         {"less('A', 'a')", "false"},
         {"less('a', 'A')", "true"},
         {"less('a', 'B')", "true"},
         {"less('A', 'b')", "true"},
         {"greater('aB', 'Ab')", "false"},
         {"less('aB', 'Ab')", "true"},
         {"less('aB', 'ABc')", "true"},
         {"lessOrEquals('A', 'A')", "true"},
         {"greaterOrEquals('a', 'A')", "false"},
         {"less('A9', 'a\u00e4')", "true"},
         {"less(true(), false())", "! argument 1 must be an integer but is a boolean"},
         {"and(bool('true'), bool('false'))", "false"},
         {"or(bool('true'), bool('false'))", "true"},
         {"and(true(), 1)", "! argument 2 must be a boolean but is an integer"},
         {"or(false(), 'x')", "! argument 2 must be a boolean but is a string"},
         {"and(false(), 1)", "false"},
         {"not(equals('a', 'b'))", "true"},
         {"if(equals('a', 'a'), 'yes', 'no')", R"("yes")"},
         {"bool('True')", "true"},
         {"bool(1)", "true"},
         {"bool('FALSE')", "false"},
         {"bool('0')", "false"},
         {"bool('1')", "true"},
         {"bool(false())", "false"},
         {"bool(createArray())", "! argument 1 must be a string but is an array"},
         {"int(4)", "4"},
         {"int('0042')", "42"},
         {"int('')", "! '' is no integer of 64 bits"},
         {"int('-999999999999999999')", "-999999999999999999"},
         {"int('-9223372036854775808')", "-9223372036854775808"},
         {"int('9223372036854775807')", "9223372036854775807"},
         {"int('+9223372036854775807')", "9223372036854775807"},
         {"int('000000000000000000000042')", "42"},
         {"int('-9223372036854775809')", "! '-9223372036854775809' is no integer of 64 bits"},
         {"int('+-1')", "! '+-1' is no integer of 64 bits"},
         {"int('+')", "! '+' is no integer of 64 bits"},
         {"int(' 1')", "! ' 1' is no integer of 64 bits"},
         {"int('-')", "! '-' is no integer of 64 bits"},
         {"int(true())", "! argument 1 must be a string but is a boolean"},
         {"sub(7, 3)", "4"},
         {"mul(-3037000500, 3037000500)", "! the result does not fit into 64 bits"},
         {"mul(-9223372036854775807, -1)", "9223372036854775807"},
         {"div(-8, 3)", "-2"},
         {"mod(-8, -3)", "-2"},
         {"mod(8, -3)", "2"},
         {"mod(-9223372036854775808, -1)", "! the result does not fit into 64 bits"},
         {"float('1.5')",
          "! function 'float' at character 1 of the expression is not supported: it is beyond "
          "what this importer evaluates"},
         {"json('{\"a\":[true,null,1.5]}')", R"({"a":[true,null,1.5]})"},
         {"json('\"a\"')", R"("a")"},
         {"json('[1,]')",
          "! malformed JSON at line 1, column 4: syntax error while parsing value - "
          "unexpected ']'; expected '[', '{', or a literal"},
         {"json('{\"a\":1}').b",
          "! there is no property 'b' at character 16 of the "
          "expression"}},
        {},
        g_examples);
}

/** Functions as Microsoft's reference describes them. */
class ArmReferenceTestSuite : public TestSuite
{
  public:
    ArmReferenceTestSuite()
        : TestSuite("azure-arm-reference", Type::UNIT)
    {
        const std::pair<const char*, void (*)(FunctionTestCase&)> cases[] = {
            {"String functions", TestStrings},
            {"uri() resolves as RFC 3986 does", TestUris},
            {"Functions of arrays and objects", TestCollections},
            {"Comparisons, logic, numbers and conversions", TestValues}};
        for (const auto& [name, body] : cases)
        {
            AddTestCase(new FunctionTestCase(name, body), Duration::QUICK);
        }
    }
};

/** Registers the suite. */
ArmReferenceTestSuite g_armReferenceTestSuite;

} // namespace
